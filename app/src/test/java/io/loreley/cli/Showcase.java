package io.loreley.cli;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.git.Hub;
import io.loreley.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as it looks after two hours of two paid agents on three islands: its rows, its commits and the files of its
 * jobs, all written at once. The pages are pictured with it, because a run that fills them takes too long for a test.
 */
final class Showcase {

    static final ExperimentId EXPERIMENT = new ExperimentId(UUID.fromString("5f3c9d21-7b84-4e6a-a1d4-52e90c3786bf"));
    static final String SLUG = "example.org/json-reader";
    static final List<String> ISLANDS = List.of("main", "island-2", "island-3");
    static final int SIDE = 12; // cells along an axis

    private static final int JOBS = 320;
    private static final int SEEDS = 15;
    private static final int APART = 23; // seconds between two draws

    private static final List<Failure> FAILURES = List.of(
            new Failure(
                    "EVALUATOR_CRASH",
                    "the tests ended with exit code 1\nNumbersTest.reads_the_smallest_double: expected 4.9E-324 but was 0.0",
                    0.045),
            new Failure("NO_CHANGE", "the agent left the files as they were", 0.03),
            new Failure("AGENT_TIMEOUT", "the agent was still at work after 10 min", 0.022),
            new Failure("EVALUATOR_TIMEOUT", "the benchmark was still at work after 60 s", 0.012),
            new Failure("FORBIDDEN_CHANGE", "src/test/ReaderTest.java may not be changed", 0.008));

    final List<Draw> draws = new ArrayList<>();
    final List<Candidate> candidates = new ArrayList<>();
    final Map<String, Map<Integer, Candidate>> archive = new LinkedHashMap<>();
    private final SplittableRandom random = new SplittableRandom(23);
    private final Instant begun;

    private Showcase(Instant now) {
        this.begun = now.minusSeconds((long) JOBS * APART + 150);
        ISLANDS.forEach(island -> archive.put(island, new TreeMap<>()));
    }

    /** Fills a database, a hub and a folder for the files of the experiment's jobs. */
    static void fill(Database database, Hub hub, Path artifacts, Instant now) throws IOException {
        Showcase showcase = new Showcase(now);
        showcase.search();
        List<CommitHash> hashes = ShowcaseCommits.write(hub, showcase.candidates);
        new ShowcaseRows(showcase, hashes, now).write(database);
        showcase.writeFiles(artifacts);
    }

    /** A commit that was measured; each is known by its place in the list. */
    record Candidate(
            int number,
            @Nullable Candidate parent,
            String island,
            ShowcaseProgram program,
            double x,
            double y,
            double milliseconds,
            double megabytes,
            boolean accepted,
            Instant at) {

        int cell() {
            return along(x) * SIDE + along(y);
        }

        private static int along(double measure) {
            return (int) Math.min(SIDE - 1, measure * SIDE);
        }
    }

    /**
     * A job and what became of it.
     *
     * @param gain by which the candidate beat its cell; absent where it entered none
     */
    record Draw(
            int number,
            String island,
            String agent,
            Candidate base,
            List<Candidate> inspirations,
            @Nullable Failure failure,
            @Nullable Candidate result,
            @Nullable Double gain,
            double seconds,
            Instant at) {

        UUID id() {
            return new UUID(0x7a11_5c3d_2b90_4e00L, 0x9e37_79b9_7f4a_7c15L * (number + 2));
        }

        boolean made(Candidate candidate) {
            return result != null && result.number() == candidate.number();
        }

        boolean isSeed() {
            return number < SEEDS;
        }
    }

    record Failure(String kind, String message, double share) {}

    /** What an island holds, by cell. */
    Map<Integer, Candidate> cells(String island) {
        return Objects.requireNonNull(archive.get(island));
    }

    private void search() {
        Candidate root = new Candidate(0, null, "main", ShowcaseProgram.start(), 0.12, 0.81, 148.2, 61.5, true, begun);
        candidates.add(root);
        cells("main").put(root.cell(), root);
        for (int number = 0; number < JOBS; number++) {
            draw(number, root);
        }
    }

    private void draw(int number, Candidate root) {
        String island = ISLANDS.get(number % ISLANDS.size());
        Map<Integer, Candidate> cells = cells(island);
        boolean seed = number < SEEDS;
        List<Candidate> elites = cells.values().stream()
                .sorted(Comparator.comparingDouble(Candidate::milliseconds))
                .toList();
        Candidate base = seed || elites.isEmpty() ? root : better(elites);
        List<Candidate> inspirations = seed || elites.size() < 3
                ? List.of()
                : List.of(better(elites), elites.get(random.nextInt(elites.size())));
        Instant at = begun.plusSeconds(30 + (long) number * APART);
        double seconds = 38 + 70 * random.nextDouble() * random.nextDouble();
        String agent = random.nextDouble() < 0.38 + 0.3 * number / JOBS ? "codex" : "claude";
        Failure failure = failure();
        Candidate result = failure == null ? child(base, island, number, at.plusMillis((long) (1000 * seconds))) : null;
        Double gain = null;
        if (result != null) {
            candidates.add(result);
            Candidate before = cells.get(result.cell());
            if (result.accepted() && (before == null || result.milliseconds() < before.milliseconds())) {
                cells.put(result.cell(), result);
                gain = before == null ? 0 : before.milliseconds() - result.milliseconds();
            }
        }
        draws.add(new Draw(
                number,
                island,
                agent,
                base,
                inspirations.stream()
                        .distinct()
                        .filter(each -> each.number() != base.number())
                        .toList(),
                failure,
                result,
                gain,
                seconds,
                at));
    }

    /** The better ones more often. */
    private Candidate better(List<Candidate> elites) {
        return elites.get((int) (elites.size() * Math.pow(random.nextDouble(), 1.7)));
    }

    private @Nullable Failure failure() {
        double drawn = random.nextDouble();
        for (Failure failure : FAILURES) {
            drawn -= failure.share();
            if (drawn < 0) {
                return failure;
            }
        }
        return null;
    }

    private Candidate child(Candidate parent, String island, int number, Instant at) {
        double reach = number < SEEDS ? 0.3 : 0.11;
        double x = near(parent.x(), reach);
        double y = near(parent.y(), reach);
        // The fastest programs lie in one corner of the behaviour space, and each step there is smaller than the one
        // before.
        double floor = 58 + 46 * Math.hypot(x - 0.72, y - 0.34);
        double left = Math.max(0.4, parent.milliseconds() - floor);
        double milliseconds = floor + left * Math.exp(-0.16 + 0.3 * random.nextGaussian());
        boolean accepted = random.nextDouble() > 0.04;
        return new Candidate(
                candidates.size(),
                parent,
                island,
                parent.program().changed(random),
                x,
                y,
                milliseconds,
                Math.max(21, 30 + 2100 / (milliseconds - 10) + 5 * random.nextGaussian()),
                accepted,
                at);
    }

    private double near(double measure, double reach) {
        double moved = Math.abs(measure + reach * random.nextGaussian());
        return Math.min(0.999, moved < 1 ? moved : 2 - moved);
    }

    private void writeFiles(Path artifacts) throws IOException {
        for (Draw draw : draws) {
            Path attempt = Files.createDirectories(
                    artifacts.resolve(draw.id().toString()).resolve("attempt-1"));
            Path code = Files.createDirectories(attempt.resolve("code"));
            Files.writeString(
                    code.resolve("prompt.txt"), """
                    Make the JSON reader faster without breaking a test. Time is what counts; memory should not grow.

                    You start from a reader that takes %.2f ms.
                    """.formatted(draw.base().milliseconds()));
            Files.writeString(
                    code.resolve("stderr.log"),
                    draw.failure() == null ? "" : draw.failure().message() + "\n");
            Candidate result = draw.result();
            if (result != null) {
                Files.writeString(code.resolve("report.json"), """
                        {"summary": "%s; the profile said that this was where the time went.", "commit_message": "%s"}
                        """.formatted(
                                result.program().subject(), result.program().subject()));
                Files.writeString(attempt.resolve("evaluation_logs.txt"), """
                        warming up: 20 rounds of 4 documents
                        measuring: 60 rounds, garbage collected between them
                        twitter.json      %.3f ms
                        citm_catalog.json %.3f ms
                        canada.json       %.3f ms
                        312 tests, 0 failures
                        """.formatted(
                        result.milliseconds() * 0.21, result.milliseconds() * 0.33, result.milliseconds() * 0.46));
            }
        }
    }
}

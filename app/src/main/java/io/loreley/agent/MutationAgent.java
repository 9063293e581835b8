package io.loreley.agent;

import io.loreley.agent.mutation.Crossover;
import io.loreley.agent.mutation.Operator;
import io.loreley.agent.mutation.Text;
import io.loreley.contract.Exchange;
import io.loreley.domain.Json;
import io.loreley.domain.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An agent without a model: a few random edits of any text repository, and changes taken over from inspirations. The
 * first run of a user without a key, and the control that shows what a model adds. The same request on the same work
 * tree gives the same edits.
 *
 * <p>It learns from the elites that it is shown, and from the attempts that it is told of: their summaries say which
 * operators made them, the key files of elites where; what paid is drawn more often, what did not less. An evaluator that rejects what does not build does the rest.
 *
 * <p>Safe for several threads.
 */
public final class MutationAgent implements Agent {

    /** Chance of one more edit. Most useful steps are single; a few must come together. */
    private static final double ANOTHER = 0.4;

    private static final int MOST_EDITS = 6;

    /** Draws of file and operator before an edit is given up; a file may be binary, an operator find nothing. */
    private static final int TRIES = 40;

    /** Chance that an edit is a crossover, where there is an inspiration that has something to give. */
    private static final double CROSSOVER = 0.3;

    /** How much more often a file is drawn for each elite that changed it. */
    private static final double KEY_FILE_WEIGHT = 4;

    /** How much more often an operator is drawn for each elite that it made. */
    private static final double SUCCESS_WEIGHT = 0.5;

    /** Between what was tried and what came of it, where a request tells of earlier attempts. */
    private static final String OUTCOME = " → ";

    private static final Pattern PAID = Pattern.compile("better than|, kept");

    /** Prose is seldom evaluated. */
    private static final double PROSE_WEIGHT = 0.02;

    private static final List<String> PROSE = List.of(".md", ".rst", ".adoc", "LICENSE", "COPYING", "NOTICE");

    private static final RandomGeneratorFactory<RandomGenerator> GENERATOR =
            RandomGeneratorFactory.of("L64X128MixRandom");

    private final Kinship kinship;

    public MutationAgent(Kinship kinship) {
        this.kinship = kinship;
    }

    @Override
    public String name() {
        return AgentKind.MUTATION.word();
    }

    @Override
    public AgentReport run(AgentRequest request, Path workTree, Path scratch, Meter meter) {
        Exchange exchange = Exchange.open(
                scratch.resolve(request.stage().name().toLowerCase(Locale.ROOT)),
                "report.json",
                RequestJson.of(request));
        AgentReport report = switch (request.stage()) {
            case PLAN -> new AgentReport("Edit at random.", null, Map.of());
            case CODE -> new Session(request, workTree).run();
        };
        exchange.write("report.json", Json.write(Map.of("summary", report.summary(), "details", report.details())));
        return report;
    }

    /** One request: its generator, its files, and what was done. */
    private final class Session {

        private final RandomGenerator random;
        private final TextFiles files;
        private final Lottery<String> paths;
        private final Lottery<Operator> operators;
        private final List<Offer> offers;
        private final List<Done> done = new ArrayList<>();

        /** The files that were written, as they were before; empty for one that was not there. */
        private final Map<String, Optional<Text>> originals = new LinkedHashMap<>();

        Session(AgentRequest request, Path workTree) {
            random = GENERATOR.create(request.seed());
            files = new TextFiles(workTree);
            List<CommitBrief> elites = Stream.concat(Stream.of(request.base()), request.inspirations().stream())
                    .toList();
            paths = new Lottery<>(files.paths(), path -> weight(path, elites));
            List<String> tried = request.context().stream()
                    .flatMap(section -> section.text().lines())
                    .filter(line -> line.contains(OUTCOME))
                    .toList();
            operators = new Lottery<>(
                    List.of(Operator.values()), operator -> weight(operator, elites) * successRate(operator, tried));
            offers = request.inspirations().stream()
                    .flatMap(inspiration -> kinship.sinceParting(request.base().commit(), inspiration.commit()).stream()
                            .map(change -> new Offer(inspiration, change)))
                    .toList();
        }

        private static double weight(String path, List<CommitBrief> elites) {
            long changes = elites.stream()
                    .filter(elite ->
                            elite.keyFiles().stream().anyMatch(file -> file.equals(path) || file.endsWith("/" + path)))
                    .count();
            double prose = PROSE.stream().anyMatch(path::endsWith) ? PROSE_WEIGHT : 1;
            return prose * (1 + KEY_FILE_WEIGHT * changes);
        }

        private static double weight(Operator operator, List<CommitBrief> elites) {
            long successes = elites.stream()
                    .filter(elite ->
                            elite.changeSummary().toLowerCase(Locale.ROOT).contains(operator.verb() + " "))
                    .count();
            return 1 + SUCCESS_WEIGHT * successes;
        }

        /** Of the attempts that the request tells of: twice the share that paid, by Laplace's rule, so 1 without any. */
        private static double successRate(Operator operator, List<String> tried) {
            List<String> mine = tried.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).contains(operator.verb() + " "))
                    .toList();
            long paid = mine.stream()
                    .filter(line -> PAID.matcher(line.substring(line.lastIndexOf(OUTCOME)))
                            .find())
                    .count();
            return 2.0 * (paid + 1) / (mine.size() + 2);
        }

        AgentReport run() {
            boolean found;
            do {
                Optional<Done> edit = edit();
                edit.ifPresent(done::add);
                found = edit.isPresent();
            } while (found && done.size() < MOST_EDITS && (random.nextDouble() < ANOTHER || isUndone()));
            if (done.isEmpty()) {
                return new AgentReport("Found nothing to edit.", null, Map.of());
            }
            String sentence = done.stream().map(Done::words).distinct().collect(Collectors.joining("; "));
            String summary = sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
            return new AgentReport(
                    summary + ".",
                    Limits.clamp(summary, Limits.SUBJECT),
                    Map.of("edits", done.stream().map(Done::json).toList()));
        }

        /** Whether the edits cancelled each other, as two swaps do. */
        private boolean isUndone() {
            return originals.entrySet().stream()
                    .allMatch(file -> files.read(file.getKey()).equals(file.getValue()));
        }

        private Optional<Done> edit() {
            if (!offers.isEmpty() && random.nextDouble() < CROSSOVER) {
                Optional<Done> taken = crossover(offers.get(random.nextInt(offers.size())));
                if (taken.isPresent()) {
                    return taken;
                }
            }
            for (int i = 0; i < TRIES && !paths.isEmpty(); i++) {
                Optional<Done> edited = mutation(paths.draw(random), operators.draw(random));
                if (edited.isPresent()) {
                    return edited;
                }
            }
            return Optional.empty();
        }

        private Optional<Done> mutation(String path, Operator operator) {
            return files.read(path)
                    .flatMap(text -> operator.apply(text, random))
                    .map(edit -> {
                        write(path, edit.text());
                        return new Done(operator.verb(), edit.what(), "in", path, "");
                    });
        }

        private void write(String path, Text text) {
            originals.computeIfAbsent(path, files::read);
            files.write(path, text);
        }

        /** What an inspiration changed is merged, what it added is copied, what it deleted stays. */
        private Optional<Done> crossover(Offer offer) {
            String path = offer.change().path();
            String before = offer.change().before();
            Text theirs = Text.of(offer.change().after());
            Optional<Operator.Edit> edit = before == null
                    ? (!files.isFree(path) ? Optional.empty() : Optional.of(new Operator.Edit(theirs, "a file")))
                    : files.read(path).flatMap(ours -> Crossover.of(Text.of(before), ours, theirs, random));
            return edit.map(taken -> {
                write(path, taken.text());
                return new Done(
                        Crossover.VERB,
                        taken.what(),
                        "of",
                        path,
                        " from " + offer.inspiration().commit().abbreviated());
            });
        }
    }

    /** A change that can be taken over. */
    private record Offer(CommitBrief inspiration, Kinship.Change change) {}

    /** An edit that was made. */
    private record Done(String verb, String what, String preposition, String path, String source) {

        String words() {
            return verb + " " + what + " " + preposition + " " + path + source;
        }

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("operator", verb);
            json.put("what", what + source);
            json.put("file", path);
            return json;
        }
    }
}

package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.process.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same hostile candidates under every kind of evaluator: each ends in time, contained, with a record that says why. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class HostileCandidateTest {

    private static final Objective SCORE = Workbench.maximize("score");
    private static final ContainmentSettings TIGHT =
            new ContainmentSettings(Isolation.Kind.NAMESPACE, false, false, 300, Duration.ofSeconds(60), 64, 100);

    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration AMPLE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Workbench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new Workbench(folder);
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        bench.close();
    }

    static Stream<Arguments> candidates() {
        return Arrays.stream(EvaluatorKind.values())
                .flatMap(kind -> Arrays.stream(HostileCandidate.values())
                        .filter(candidate -> !(isStartedAsCommand(kind) && candidate.isOnlyOfItsStart()))
                        .map(candidate -> Arguments.of(kind, candidate)));
    }

    /** These differ from a command in what is read of them, when it has ended. */
    private static boolean isStartedAsCommand(EvaluatorKind kind) {
        return switch (kind) {
            case JUNIT, JMH, HYPERFINE -> true;
            case COMMAND, PYTHON, OPENEVOLVE, SHINKA, PYTEST -> false;
        };
    }

    @ParameterizedTest
    @MethodSource("candidates")
    void ends_in_time_contained_and_with_a_record_that_says_why(EvaluatorKind kind, HostileCandidate candidate)
            throws Exception {
        assumeInterpreter(kind);
        Judged judged = Judged.of(kind, bench);
        bench.checkout("candidate.sh", candidate.shell()).checkout("program.py", candidate.python());
        Optional<FailureKind> expected = candidate.failure(kind);
        boolean isEndless = expected.equals(Optional.of(FailureKind.EVALUATOR_TIMEOUT));
        Duration limit = isEndless ? SHORT : AMPLE;

        Optional<LoreleyException> failure = failure(judged, limit);
        while (isEndless && bench.temporaryFolders().isEmpty()) {
            limit = limit.multipliedBy(3); // this machine did not get as far as to start the candidate
            failure = failure(judged, limit);
        }

        assertThat(failure.map(LoreleyException::kind)).as("%s", failure).isEqualTo(expected);
        bench.leftovers().assertNone();
        assertThat(Files.size(bench.scratch().resolve("stdout.log"))).isLessThanOrEqualTo(64L << 20);
        assertThat(bench.temporaryFolders())
                .as("folders for temporary files, which the candidate filled")
                .isNotEmpty()
                .allSatisfy(temporary -> assertThat(temporary).isAbsolute().doesNotExist());
    }

    private Optional<LoreleyException> failure(Judged judged, Duration limit) throws Exception {
        return bench.failureOf(judged.plan().within(limit).contained(TIGHT).settings(), judged.objective());
    }

    @ParameterizedTest
    @EnumSource(EvaluatorKind.class)
    void a_candidate_that_rewrites_its_evaluator_is_judged_by_the_old_one(EvaluatorKind kind) throws Exception {
        assumeInterpreter(kind);
        Judged judged = Judged.of(kind, bench);
        Evaluator evaluator = bench.evaluator(judged.plan().contained(TIGHT).settings(), judged.objective());
        String judge = bench.pinned().resolve(Judged.judge(kind)).toString();
        String original = Files.readString(Path.of(judge));
        bench.checkout("candidate.sh", "echo : > '%s'\n".formatted(judge))
                .checkout("program.py", "open('%s', 'w').close()\nSCORE = 1\n".formatted(judge));

        for (int round = 0; round < 2; round++) {
            assertThat(evaluator
                            .evaluate(Workbench.CANDIDATE, bench::checkedOut, bench.scratch())
                            .value(judged.objective().metric()))
                    .isEqualTo(1);
            assertThat(Files.readString(Path.of(judge))).as("it was rewritten").isNotEqualTo(original);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"COMMAND", "PYTHON", "JUNIT"})
    void a_candidate_that_makes_links_of_its_logs_has_nothing_read(EvaluatorKind kind) throws Exception {
        assumeInterpreter(kind);
        Judged judged = Judged.of(kind, bench);
        Path theirs = Files.writeString(folder.resolve("theirs"), "secret");
        candidateThatRuns(linkLogsTo(theirs));

        Evaluation evaluation = bench.evaluate(judged.plan().contained(TIGHT).settings(), judged.objective());

        assertThat(evaluation.value(judged.objective().metric())).isEqualTo(1);
        assertThat(evaluation.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @EnumSource(names = {"COMMAND", "PYTHON"}) // the others are started as these are
    void nor_is_cut_what_they_lead_to(EvaluatorKind kind) throws Exception {
        assumeInterpreter(kind);
        Judged judged = Judged.of(kind, bench);
        Path theirs = Files.writeString(folder.resolve("theirs"), "secret");
        candidateThatRuns(linkLogsTo(theirs) + "; yes xxxxxxxxxxxxxxx | head -c 100000000");

        LoreleyException failure = bench.failure(judged.plan().contained(TIGHT).settings(), judged.objective());

        assertThat(failure.kind()).isEqualTo(FailureKind.EVALUATOR_OUTPUT);
        assertThat(failure.getMessage()).contains("printed more than").doesNotContain("secret");
        assertThat(theirs).hasContent("secret");
    }

    private static String linkLogsTo(Path file) {
        return "for log in stdout.log stderr.log; do ln -sf '%s' $(dirname \"$LORELEY_REQUEST\")/$log; done"
                .formatted(file);
    }

    @Test
    void what_one_measurement_leaves_where_the_next_is_kept_is_gone() throws Exception {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Path log = Files.writeString(theirs.resolve("stdout.log"), "theirs");
        bench.project("judge.sh", """
                scratch=$(dirname "$LORELEY_REQUEST")
                ln -s '%1$s' "$scratch/repeats"
                ln -s '%1$s/stdout.log' "$scratch/evaluation_logs.txt"
                echo '{"metrics": {"score": 1}}'
                """.formatted(theirs));
        EvaluatorSettings twice = Workbench.Plan.of(EvaluatorKind.COMMAND, "sh", "${project}/judge.sh")
                .under(new NoiseSettings(2, NoiseSettings.Statistic.MEAN, 0.5, 0, false, false))
                .settings();

        assertThat(bench.evaluate(twice, SCORE)
                        .metric("score")
                        .orElseThrow()
                        .spread()
                        .samples())
                .isEqualTo(2);
        assertThat(theirs).isDirectoryContaining(log::equals);
        assertThat(log).hasContent("theirs");
        assertThat(bench.scratch().resolve("repeats/2/stdout.log")).isRegularFile();
    }

    @ParameterizedTest
    @EnumSource(EvaluatorKind.class)
    void a_candidate_that_reads_the_holdout_finds_nothing(EvaluatorKind kind) throws Exception {
        assumeInterpreter(kind);
        assumeTrue(
                Interpreters.hasBubblewrap(),
                "bubblewrap is not installed or not allowed here: a hold-out is not hidden");
        Judged judged = Judged.of(kind, bench);
        Path file = Files.writeString(folder.resolve("holdout.csv"), "secret");
        Path pinned = Files.createDirectory(folder.resolve("pinned-holdout"));
        Files.writeString(pinned.resolve("check.sh"), "secret");
        String look = "umount '%1$s' '%2$s' 2>/dev/null; cat '%1$s' '%2$s'/* > found 2>/dev/null; echo looked >> found"
                .formatted(file, pinned);
        bench.hide(file, pinned);
        candidateThatRuns(look);

        Evaluation evaluation = bench.evaluate(judged.plan().contained(TIGHT).settings(), judged.objective());

        assertThat(evaluation.value(judged.objective().metric())).isEqualTo(1);
        assertThat(bench.checkout().resolve("found")).hasContent("looked");
        assertThat(file).hasContent("secret");
    }

    @ParameterizedTest
    @EnumSource(EvaluatorKind.class)
    void behind_bubblewrap_a_candidate_writes_nothing_but_its_checkout_and_its_answer(EvaluatorKind kind)
            throws Exception {
        assumeInterpreter(kind);
        assumeTrue(
                Interpreters.hasBubblewrap(),
                "bubblewrap is not installed or not allowed here: no evaluator is tested under it");
        Judged judged = Judged.of(kind, bench);
        Path outside = Files.writeString(folder.resolve("outside"), "theirs");
        String breakOut =
                "mount -o remount,bind,rw / 2>/dev/null; echo mine > '%s' 2>/dev/null; echo mine > inside; rm \"$LORELEY_REQUEST\" 2>/dev/null"
                        .formatted(outside);
        candidateThatRuns(breakOut);
        ContainmentSettings walled =
                new ContainmentSettings(Isolation.Kind.BWRAP, false, false, 300, Duration.ofSeconds(60), 64, 100);

        Evaluation evaluation = bench.evaluate(judged.plan().contained(walled).settings(), judged.objective());

        assertThat(evaluation.value(judged.objective().metric())).isEqualTo(1);
        assertThat(bench.checkout().resolve("inside")).hasContent("mine");
        assertThat(outside).hasContent("theirs");
        assertThat(bench.scratch().resolve("request.json")).isRegularFile();
    }

    /** Whatever the kind of its evaluator. */
    private void candidateThatRuns(String shell) throws IOException {
        bench.checkout("candidate.sh", shell + "\n")
                .checkout("program.py", "import os\nos.system(\"\"\"%s\"\"\")\nSCORE = 1\n".formatted(shell));
    }

    private static void assumeInterpreter(EvaluatorKind kind) {
        assumeTrue(
                !Judged.isPython(kind) || Interpreters.hasPython(),
                "no python3 on this machine: the Python kinds are not tested");
        assumeTrue(
                kind != EvaluatorKind.PYTEST || Interpreters.hasPytest(),
                "no pytest on this machine: kind pytest is not tested");
    }

    @Test
    void temporary_files_are_gone_afterwards() throws Exception {
        Evaluation evaluation = bench.evaluate(
                Workbench.Plan.of(
                                EvaluatorKind.COMMAND,
                                "sh",
                                "-c",
                                "touch \"$TMPDIR/mine\"; mkdir -p \"$TMPDIR/a/b\"; ln -s / \"$TMPDIR/root\"; echo \"{\\\"summary\\\": \\\"$TMPDIR\\\", \\\"metrics\\\": {\\\"score\\\": 1}}\"")
                        .settings(),
                SCORE);

        assertThat(Path.of(evaluation.summary())).isAbsolute().doesNotExist();
        try (Stream<Path> root = Files.list(Path.of("/"))) {
            assertThat(root).isNotEmpty();
        }
    }

    @Test
    void a_network_is_there_only_if_asked_for() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/dev")), "no /proc/net on this machine");
        Workbench.Plan plan = Workbench.Plan.of(
                EvaluatorKind.COMMAND,
                "sh",
                "-c",
                "echo \"{\\\"metrics\\\": {\\\"score\\\": $(grep -c : /proc/net/dev)}}\"");
        ContainmentSettings connected =
                new ContainmentSettings(Isolation.Kind.NAMESPACE, true, false, null, null, 1000, 4096);

        double without = bench.evaluate(plan.settings(), SCORE).value("score");
        double with =
                bench.evaluate(plan.contained(connected).settings(), SCORE).value("score");

        assumeTrue(with > 1, "this machine has no network besides its loopback");
        assertThat(without).as("network devices").isEqualTo(1);
    }
}

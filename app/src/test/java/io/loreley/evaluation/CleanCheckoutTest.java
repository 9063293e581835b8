package io.loreley.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.git.WorkTree;
import io.loreley.process.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CleanCheckoutTest {

    @TempDir
    Path folder;

    @Test
    void each_repeat_begins_from_a_clean_checkout() throws Exception {
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("value"), "3");
        Files.writeString(source.resolve(".gitignore"), "cache\n");
        EvaluatorSettings settings = Workbench.Plan.of(
                        EvaluatorKind.COMMAND,
                        "sh",
                        "-c",
                        "[ ! -e cache ] && v=$(cat value) && echo 100 > value && touch cache && echo \"{\\\"metrics\\\": {\\\"value\\\": $v}}\"")
                .under(new NoiseSettings(3, NoiseSettings.Statistic.MEAN, 0.5, 0, false, false))
                .settings();
        try (Workbench bench = new Workbench(folder);
                ProcessRunner processes = new ProcessRunner();
                Hub hub = Hub.open(folder.resolve("hub.git"), processes)) {
            CommitHash root = hub.fetch(new Source.FolderSource(source), "HEAD");
            WorkTree tree = hub.workTree(folder.resolve("slot"));

            Evaluation evaluation = bench.evaluator(settings, Workbench.maximize("value"))
                    .evaluate(
                            new Candidate(root, root, "6f1c", "x", 1),
                            commit -> {
                                tree.reset(commit);
                                return tree.root();
                            },
                            bench.scratch());

            assertThat(evaluation.value("value")).isEqualTo(3);
            assertThat(evaluation.metric("value").orElseThrow().spread().samples())
                    .isEqualTo(3);
        }
    }
}

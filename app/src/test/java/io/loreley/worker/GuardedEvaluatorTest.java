package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.evaluation.Candidate;
import io.loreley.evaluation.Evaluation;
import io.loreley.git.CommitMessage;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.git.WorkTree;
import io.loreley.process.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedEvaluatorTest {

    @TempDir
    Path folder;

    @Test
    void a_candidate_that_touches_a_protected_path_is_not_measured() throws Exception {
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("Cargo.lock"), "1");
        Files.writeString(source.resolve("main.rs"), "1");
        try (ProcessRunner processes = new ProcessRunner();
                Hub hub = Hub.open(folder.resolve("hub"), processes)) {
            CommitHash base = hub.fetch(new Source.FolderSource(source), "HEAD");
            WorkTree tree = hub.workTree(folder.resolve("slot"));
            GuardedEvaluator guarded = new GuardedEvaluator(
                    (candidate, checkout, scratch) -> new Evaluation("measured", List.of(), List.of()),
                    hub,
                    "",
                    List.of("**/*.lock", "ci/"));

            for (String touched : List.of("Cargo.lock", "sub/Cargo.lock", "ci/run.sh")) {
                Candidate candidate = candidate(hub, tree, base, touched);
                assertThatThrownBy(() -> guarded.evaluate(candidate, commit -> tree.root(), folder))
                        .hasFieldOrPropertyWithValue("kind", FailureKind.PROTECTED_PATH)
                        .hasMessageContaining(touched);
            }
            Evaluation measured =
                    guarded.evaluate(candidate(hub, tree, base, "main.rs"), commit -> tree.root(), folder);
            assertThat(measured.summary()).isEqualTo("measured");
        }
    }

    private static Candidate candidate(Hub hub, WorkTree tree, CommitHash base, String touched) throws Exception {
        tree.reset(base);
        Path file = tree.root().resolve(touched);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "2");
        CommitHash commit = hub.commit(tree.snapshot(), base, new CommitMessage("a", "a@b", "change", Instant.EPOCH));
        return new Candidate(commit, base, "6f1c", "x", 1);
    }
}

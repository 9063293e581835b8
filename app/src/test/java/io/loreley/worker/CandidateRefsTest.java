package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.Remote;
import io.loreley.git.Source;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class CandidateRefsTest {

    private static final ExperimentId EXPERIMENT = new ExperimentId(new UUID(1, 1));
    private static final JobId JOB = new JobId(new UUID(2, 2));

    private final ProcessRunner processes = new ProcessRunner();

    @TempDir
    Path folder;

    private Path shared;
    private Hub here;
    private Hub there;
    private CommitHash root;
    private Remote remote;
    private CandidateRefs refs;

    @BeforeEach
    void two_machines_and_a_remote() throws Exception {
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("a.txt"), "a\n");
        here = Hub.open(folder.resolve("here"), processes);
        there = Hub.open(folder.resolve("there"), processes);
        root = here.fetch(new Source.FolderSource(source), "HEAD");
        shared = folder.resolve("shared.git");
        processes.answer(
                List.of("git", "init", "--quiet", "--bare", shared.toString()),
                folder,
                Map.of("PATH", System.getenv("PATH")),
                null,
                new Limits(Duration.ofSeconds(20), 1 << 20));
        remote = here.exchangeThrough(shared.toString());
        refs = new CandidateRefs(here, remote, EXPERIMENT);
    }

    @AfterEach
    void nothing_stays_open() {
        here.close();
        there.close();
        processes.close();
    }

    @Test
    void a_candidate_in_quarantine_can_be_taken_over_on_another_machine() {
        refs.quarantine(JOB, root);

        Remote same = there.exchangeThrough(shared.toString());
        assertThat(new CandidateRefs(there, same, EXPERIMENT).obtained(root)).isTrue();
    }

    @Test
    void a_candidate_stays_here_while_the_remote_is_away_and_is_published_when_it_is_back() throws Exception {
        Path elsewhere = folder.resolve("elsewhere.git");
        Files.move(shared, elsewhere);
        refs.quarantine(JOB, root);
        assertThat(here.refs("refs/loreley/" + EXPERIMENT + "/quarantine")).hasSize(1);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> published = threads.submit(() -> refs.publish(JOB, root));
            Files.move(elsewhere, shared);
            published.get();
        }

        assertThat(remote.refs(List.of("refs/loreley/*")))
                .contains("refs/loreley/%s/commits/%s".formatted(EXPERIMENT, root));
    }

    @Test
    void who_waits_for_a_remote_can_be_told_to_stop() throws Exception {
        Files.move(shared, folder.resolve("elsewhere.git"));
        var failure = new CompletableFuture<Throwable>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                refs.publish(root);
            } catch (LoreleyException e) {
                failure.complete(e);
            }
        });
        while (here.refs("refs/loreley/" + EXPERIMENT).isEmpty()) {
            LockSupport.parkNanos(10_000_000);
        }
        waiting.interrupt();

        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INTERRUPTED));
    }

    @Test
    void a_commit_that_nobody_has_is_a_failure_that_says_what_machines_need() {
        assertThatThrownBy(() -> refs.require(new CommitHash("1".repeat(40))))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("--git-remote");
    }
}

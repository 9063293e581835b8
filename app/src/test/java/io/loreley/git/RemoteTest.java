package io.loreley.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteTest {

    private static final String REF = "refs/loreley/experiment/commits/one";

    private final ProcessRunner processes = new ProcessRunner();

    @TempDir
    Path folder;

    private Path shared;
    private Hub here;
    private Hub there;
    private CommitHash root;

    @BeforeEach
    void two_machines_and_a_remote() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("a.txt"), "a\n");
        here = Hub.open(folder.resolve("here"), processes);
        there = Hub.open(folder.resolve("there"), processes);
        root = here.fetch(new Source.FolderSource(source), "HEAD");
        shared = folder.resolve("shared.git");
        Git.own(processes, folder)
                .with(java.util.Map.of("GIT_DIR", shared.toString()))
                .run("init", "--quiet", "--bare");
    }

    @AfterEach
    void nothing_stays_open() {
        here.close();
        there.close();
        processes.close();
    }

    @Test
    void a_commit_that_is_missing_is_fetched_with_its_history_when_it_is_asked_for() {
        Remote remote = here.exchangeThrough(shared.toString());
        there.exchangeThrough(shared.toString());
        CommitHash child = here.commit(here.treeOf(root), root, message());

        remote.push(REF, child);
        remote.push(REF, child);

        assertThat(there.contains(child)).isFalse();
        assertThat(there.obtain(child)).isTrue();
        assertThat(there.info(child).parents()).containsExactly(root);
        assertThat(there.files(root)).hasSize(1);
    }

    @Test
    void an_account_of_ssh_that_is_for_git_alone_will_do() throws IOException {
        Path ssh = folder.resolve("ssh");
        Files.writeString(ssh, "#!/bin/sh\nfor command; do :; done\nexec git-shell -c \"$command\"\n");
        Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
        for (String hub : List.of("here", "there")) {
            Git.own(processes, folder.resolve(hub)).run("config", "core.sshCommand", ssh.toString());
        }
        Remote remote = here.exchangeThrough("git@example.org:" + shared);
        there.exchangeThrough("ssh://git@example.org" + shared);
        CommitHash child = here.commit(here.treeOf(root), root, message());

        remote.push(REF, child);

        assertThat(there.obtain(child)).isTrue();
        assertThat(remote.refs(List.of(REF))).containsExactly(REF);
        remote.delete(List.of(REF));
        assertThat(remote.refs(List.of(REF))).isEmpty();
    }

    @Test
    void a_commit_that_nobody_sent_is_missing_and_no_failure() {
        there.exchangeThrough(shared.toString());
        assertThat(there.obtain(new CommitHash("1".repeat(40)))).isFalse();
    }

    @Test
    void refs_are_taken_away_once_and_those_that_are_gone_do_not_matter() {
        Remote remote = here.exchangeThrough(shared.toString());
        remote.push(REF, root);

        remote.delete(List.of(REF, "refs/loreley/never"));
        remote.delete(List.of(REF));

        assertThat(remote.refs(List.of("refs/loreley/*"))).isEmpty();
    }

    /** Git lists every ref for no pattern, and every ref that ends like one. */
    @Test
    void nothing_but_what_was_named_is_taken_away() {
        Remote remote = here.exchangeThrough(shared.toString());
        String longer = "refs/loreley/other/" + REF;
        remote.push(REF, root);
        remote.push(longer, root);

        remote.delete(List.of());
        assertThat(remote.refs(List.of())).isEmpty();
        assertThat(remote.refs(List.of("refs/loreley/*"))).containsExactlyInAnyOrder(REF, longer);

        remote.delete(List.of(REF));
        assertThat(remote.refs(List.of("refs/loreley/*"))).containsExactly(longer);
    }

    @Test
    void a_remote_that_is_away_is_told_from_one_that_refuses() throws IOException {
        Remote away = here.exchangeThrough(folder.resolve("nowhere.git").toString());
        assertThatThrownBy(() -> away.push(REF, root))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REMOTE))
                .hasMessageContaining("nowhere.git");

        Path hook = shared.resolve("hooks/pre-receive");
        Files.createDirectories(shared.resolve("hooks"));
        Files.writeString(hook, "#!/bin/sh\nexit 1\n", StandardCharsets.UTF_8);
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        Remote refusing = here.exchangeThrough(shared.toString());
        assertThatThrownBy(() -> refusing.requireRights(root))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("may not write there");
    }

    @Test
    void what_the_url_says_is_no_refusal_and_no_lock() {
        Remote away = here.exchangeThrough(
                folder.resolve("denied.lock/error: 403/nowhere.git").toString());

        assertThatThrownBy(() -> away.push(REF, root))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REMOTE));
    }

    @Test
    void what_a_server_says_of_rights_is_a_refusal_and_a_number_is_none() {
        assertThat(Remote.saysNoRights("fatal: unable to access 'x': The requested URL returned error: 403"))
                .isTrue();
        assertThat(Remote.saysNoRights("error: RPC failed; HTTP 401 curl 22")).isTrue();
        assertThat(Remote.saysNoRights("git@host: Permission denied (publickey)."))
                .isTrue();
        assertThat(Remote.saysNoRights("fatal: remote error: upload-pack: not our ref 403a401f"))
                .isFalse();
        assertThat(Remote.saysNoRights("fatal: the remote end hung up after 401 bytes"))
                .isFalse();
    }

    @Test
    void a_password_in_the_url_is_refused_and_not_repeated() {
        assertThatThrownBy(() -> here.exchangeThrough("https://ada:s3cret@example.org/r.git"))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageNotContaining("s3cret");
    }

    private static CommitMessage message() {
        return new CommitMessage("a", "a@example.org", "child\n", Instant.EPOCH);
    }
}

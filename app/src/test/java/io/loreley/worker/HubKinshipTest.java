package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.agent.Kinship.Change;
import io.loreley.domain.CommitHash;
import io.loreley.git.CommitMessage;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.git.WorkTree;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubKinshipTest {

    private final ProcessRunner processes = new ProcessRunner();

    @TempDir
    Path folder;

    private Hub hub;
    private WorkTree tree;
    private CommitHash root;

    @BeforeEach
    void a_root() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        write(source, Map.of("sub/a.txt", "1\n2\n3\n", "b.txt", "b\n", "sub/data", "\0"));
        hub = Hub.open(folder.resolve("hub"), processes);
        root = hub.fetch(new Source.FolderSource(source), "HEAD");
        tree = hub.workTree(folder.resolve("slot"));
    }

    @AfterEach
    void nothing_stays_open() {
        hub.close();
        processes.close();
    }

    @Test
    void the_other_brings_what_it_changed_since_both_parted() throws IOException {
        CommitHash shared = child(root, Map.of("b.txt", "shared\n"));
        CommitHash base = child(shared, Map.of("sub/a.txt", "ours\n"));
        CommitHash other = child(child(shared, Map.of("sub/a.txt", "1\n2\nX\n")), Map.of("sub/new.txt", "new\n"));

        assertThat(new HubKinship(hub, "").sinceParting(base, other))
                .containsExactly(
                        new Change("sub/a.txt", "1\n2\n3\n", "1\n2\nX\n"), new Change("sub/new.txt", null, "new\n"));
    }

    @Test
    void paths_begin_at_the_subfolder_and_what_lies_outside_is_left_out() throws IOException {
        CommitHash other = child(root, Map.of("sub/a.txt", "x\n", "b.txt", "x\n"));

        assertThat(new HubKinship(hub, "sub").sinceParting(root, other))
                .containsExactly(new Change("a.txt", "1\n2\n3\n", "x\n"));
    }

    @Test
    void what_is_no_text_or_too_large_is_left_out() throws IOException {
        CommitHash other =
                child(root, Map.of("sub/data", "now text\n", "b.txt", "\0", "sub/a.txt", "long\n".repeat(100_000)));

        assertThat(new HubKinship(hub, "").sinceParting(root, other)).isEmpty();
    }

    @Test
    void a_descendant_and_an_ancestor_are_kin() throws IOException {
        CommitHash child = child(root, Map.of("b.txt", "x\n"));

        assertThat(new HubKinship(hub, "").sinceParting(root, child)).hasSize(1);
        assertThat(new HubKinship(hub, "").sinceParting(child, root)).isEmpty();
        assertThat(new HubKinship(hub, "").sinceParting(child, child)).isEmpty();
    }

    @Test
    void strangers_have_nothing_to_give() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        write(elsewhere, Map.of("b.txt", "other\n"));
        CommitHash stranger = hub.fetch(new Source.FolderSource(elsewhere), "HEAD");

        assertThat(new HubKinship(hub, "").sinceParting(root, stranger)).isEmpty();
    }

    private CommitHash child(CommitHash parent, Map<String, String> files) throws IOException {
        tree.reset(parent);
        write(tree.root(), files);
        return hub.commit(
                tree.snapshot(),
                parent,
                new CommitMessage("Someone", "someone@example.org", "Change", Instant.parse("2026-01-01T00:00:00Z")));
    }

    private static void write(Path root, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue(), StandardCharsets.UTF_8);
        }
    }
}

package io.loreley.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.loreley.domain.CommitHash;
import io.loreley.process.FileTree;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class WorkTreeTest {

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private Hub hub;
    private CommitHash first;
    private CommitHash second;
    private WorkTree work;
    private TestRepository agent;

    @BeforeEach
    void open() {
        hub = Hub.open(folder.resolve("hub"), processes);
        var user = TestRepository.create(folder.resolve("user"), processes);
        first = user.write("a.txt", "one\n")
                .write("src/b.txt", "b\n")
                .write(".gitignore", "*.log\n")
                .commit("First");
        second = user.write("a.txt", "two\n").write("new/c.txt", "c\n").commit("Second");
        hub.fetch(Source.detect("user", folder, false, processes), "HEAD");
        work = hub.workTree(folder.resolve("slot"));
        agent = TestRepository.at(work.root(), processes);
    }

    @AfterEach
    void close() {
        hub.close();
        processes.close();
    }

    @Test
    void a_reset_switches_to_exactly_that_commit() throws IOException {
        work.reset(second);
        assertThat(files()).containsExactly(".gitignore", "a.txt", "new/c.txt", "src/b.txt");
        work.reset(first);
        assertThat(files()).containsExactly(".gitignore", "a.txt", "src/b.txt");
        assertThat(work.root().resolve("a.txt")).hasContent("one\n");
        assertThat(work.root().resolve("new")).doesNotExist();
    }

    @Test
    void an_untouched_tree_is_the_tree_of_its_commit() {
        work.reset(second);
        assertThat(work.snapshot()).isEqualTo(hub.treeOf(second));
    }

    @Test
    void a_snapshot_holds_what_the_files_are() throws IOException {
        work.reset(first);
        agent.write("a.txt", "changed\n").write("deep/new.txt", "n").write("debug.log", "ignored");
        Files.delete(work.root().resolve("src/b.txt"));
        Files.createSymbolicLink(work.root().resolve("link"), Path.of("a.txt"));

        CommitHash made = commit(work.snapshot());

        assertThat(hub.files(made))
                .extracting(TreeEntry::path)
                .containsExactly(".gitignore", "a.txt", "deep/new.txt", "link");
        assertThat(hub.files(made).getLast().mode()).isEqualTo(FileMode.SYMLINK);
    }

    @Test
    void a_file_that_only_git_would_convert_has_not_changed() throws IOException {
        CommitHash unconverted = commitOfUnconvertedFiles();
        work.reset(unconverted);
        for (String path : List.of("run.bat", "notes.txt")) { // or git would not look again
            Files.setLastModifiedTime(work.root().resolve(path), FileTime.from(Instant.EPOCH));
        }

        assertThat(work.snapshot()).isEqualTo(hub.treeOf(unconverted));
        assertThat(work.snapshot()).isEqualTo(hub.treeOf(unconverted));
    }

    @Test
    void what_changed_besides_is_converted_as_git_does() throws IOException {
        CommitHash unconverted = commitOfUnconvertedFiles();
        work.reset(unconverted);
        agent.write("notes.txt", "one\r\nmore\r\n");
        Files.setPosixFilePermissions(work.root().resolve("run.bat"), PosixFilePermissions.fromString("rwxr-xr-x"));

        CommitHash made = commit(work.snapshot());

        assertThat(hub.changes(unconverted, made))
                .extracting(TreeChange::path, TreeChange::newMode)
                .containsExactly(tuple("notes.txt", FileMode.REGULAR), tuple("run.bat", FileMode.EXECUTABLE));
        assertThat(hub.changes(unconverted, made).get(1))
                .satisfies(change -> assertThat(change.newBlob()).isEqualTo(change.oldBlob()));
        assertThat(hub.patch(unconverted, made, "notes.txt", 0))
                .contains("+more\n")
                .doesNotContain("+more\r");
    }

    /** As a repository has them that got its attributes when it was old. */
    private CommitHash commitOfUnconvertedFiles() {
        var user = TestRepository.at(folder.resolve("user"), processes);
        user.write("run.bat", "echo one\r\necho two\r\n")
                .write("notes.txt", "one\r\ntwo\r\n")
                .commit("Files");
        user.write(".gitattributes", "*.bat text eol=crlf\n*.txt text\n");
        user.git("add", ".gitattributes");
        user.git("commit", "--quiet", "-m", "Attributes");
        return hub.fetch(Source.detect("user", folder, false, processes), "HEAD");
    }

    @Test
    void nothing_is_left_of_earlier_work() throws IOException {
        work.reset(first);
        agent.write("untracked", "u").write("debug.log", "ignored").write("a.txt", "dirty");
        Files.createDirectories(work.root().resolve("empty/folders"));
        Files.delete(work.root().resolve(".gitignore"));
        TestRepository.create(work.root().resolve("inner"), processes)
                .write("x", "x")
                .commit("Inner");

        work.reset(first);

        assertThat(files()).containsExactly(".gitignore", "a.txt", "src/b.txt");
        assertThat(work.root().resolve("empty")).doesNotExist();
        assertThat(work.root().resolve("inner")).doesNotExist();
        assertThat(work.root().resolve("a.txt")).hasContent("one\n");
    }

    @Test
    void a_change_that_hides_behind_size_and_time_is_undone() throws IOException {
        work.reset(first);
        Path file = work.root().resolve("a.txt");
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "ONE\n");
        Files.setLastModifiedTime(file, time);

        work.reset(first);

        assertThat(file).hasContent("one\n");
    }

    @Test
    void what_the_agent_does_with_git_does_not_matter() {
        work.reset(first);
        agent.write("a.txt", "mine\n");
        agent.commit("My own commit");
        agent.git("checkout", "--quiet", "-b", "elsewhere");
        agent.write("more.txt", "m\n");
        agent.git("rm", "--quiet", "--cached", "src/b.txt");

        CommitHash made = commit(work.snapshot());

        assertThat(hub.files(made))
                .extracting(TreeEntry::path)
                .containsExactly(".gitignore", "a.txt", "more.txt", "src/b.txt");
        assertThat(hub.refs("refs")).hasSize(1);
    }

    @Test
    void the_agent_can_look_at_history_and_at_other_commits() {
        work.reset(second);

        assertThat(agent.git("status", "--short")).isEmpty();
        assertThat(agent.git("log", "--format=%s")).isEqualTo("Second\nFirst");
        assertThat(agent.git("diff", "--name-only", first.value(), second.value()))
                .isEqualTo("a.txt\nnew/c.txt");
        assertThat(agent.git("show", first + ":a.txt")).isEqualTo("one");
        agent.write("a.txt", "three\n");
        assertThat(agent.git("diff", "--stat")).contains("a.txt");
    }

    @Test
    void the_agent_can_break_its_repository() throws IOException {
        work.reset(first);
        Files.writeString(work.root().resolve(".git/HEAD"), "nonsense");
        Files.writeString(work.root().resolve(".git/index"), "nonsense");
        agent.write("x", "x");
        assertThat(hub.files(commit(work.snapshot())))
                .extracting(TreeEntry::path)
                .contains("x");

        work.reset(second);

        assertThat(agent.head()).isEqualTo(second);
        assertThat(agent.git("status", "--short")).isEmpty();
    }

    @Test
    void a_repository_that_the_agent_made_counts_as_its_files() throws IOException {
        work.reset(first);
        TestRepository.create(work.root().resolve("inner"), processes)
                .write("x.txt", "x")
                .commit("Inner");
        TestRepository.create(work.root().resolve("unborn"), processes).write("y.txt", "y");

        CommitHash made = commit(work.snapshot());

        assertThat(hub.files(made))
                .extracting(TreeEntry::path)
                .containsExactly(".gitignore", "a.txt", "inner/x.txt", "src/b.txt", "unborn/y.txt");
        work.reset(second);
        assertThat(work.snapshot()).isEqualTo(hub.treeOf(second));
    }

    @Test
    void a_submodule_stays_what_it_was_and_its_folder_is_emptied() throws IOException {
        var user = TestRepository.at(folder.resolve("user"), processes);
        user.write(".gitmodules", "[submodule \"sub\"]\n\tpath = sub\n\turl = https://example.org/sub\n");
        user.git("add", ".gitmodules");
        user.git("update-index", "--add", "--cacheinfo", "160000," + first + ",sub");
        user.git("commit", "--quiet", "-m", "Submodule");
        CommitHash commit = hub.fetch(Source.detect("user", folder, false, processes), "HEAD");
        work.reset(commit);
        agent.write("sub/left.txt", "left").write("a.txt", "changed");

        CommitHash made = commit(work.snapshot());
        work.reset(commit);

        assertThat(hub.changes(commit, made)).extracting(TreeChange::path).containsExactly("a.txt");
        assertThat(work.root().resolve("sub")).isEmptyDirectory();
        assertThat(work.snapshot()).isEqualTo(hub.treeOf(commit));
    }

    @Test
    void nothing_runs_that_an_agent_configured_in_a_submodule() throws IOException {
        CommitHash commit = withSubmodules();
        for (String head : List.of(first.value(), second.value(), "f".repeat(40))) {
            work.reset(commit);
            Path ran = folder.resolve("ran");
            for (String path : List.of("sub", "deep/sub")) {
                var inner = TestRepository.create(work.root().resolve(path), processes);
                inner.git("fetch", "--quiet", folder.resolve("user").toString(), "main");
                inner.write(".git/HEAD", head);
                inner.write("run.sh", "#!/bin/sh\ntouch '%s'\n".formatted(ran));
                assertThat(inner.root().resolve("run.sh").toFile().setExecutable(true))
                        .isTrue();
                inner.git(
                        "config",
                        "core.fsmonitor",
                        inner.root().resolve("run.sh").toString());
            }
            agent.write("a.txt", "changed");

            CommitHash made = commit(work.snapshot());

            assertThat(ran).doesNotExist();
            assertThat(hub.changes(commit, made)).extracting(TreeChange::path).containsExactly("a.txt");
        }
    }

    @Test
    void a_link_in_the_place_of_a_submodule_does_not_lead_outside() throws IOException {
        CommitHash commit = withSubmodules();
        var outside = TestRepository.create(folder.resolve("outside"), processes);
        outside.write("sub/precious", "p").commit("Precious");
        work.reset(commit);
        FileTree.delete(work.root().resolve("sub"));
        FileTree.delete(work.root().resolve("deep"));
        Files.createSymbolicLink(work.root().resolve("sub"), outside.root());
        Files.createSymbolicLink(work.root().resolve("deep"), outside.root());

        CommitHash made = commit(work.snapshot());
        work.reset(commit);

        assertThat(hub.changes(commit, made))
                .extracting(TreeChange::path, TreeChange::newMode)
                .containsExactly(
                        tuple("deep", FileMode.SYMLINK),
                        tuple("deep/sub", FileMode.ABSENT),
                        tuple("sub", FileMode.SYMLINK));
        assertThat(outside.git("status", "--short")).isEmpty();
        assertThat(work.root().resolve("deep/sub")).isEmptyDirectory();
    }

    @Test
    void a_tree_that_was_replaced_locked_or_half_deleted_is_made_anew() throws IOException {
        work.reset(first);
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "p");
        FileTree.delete(work.root());
        Files.createSymbolicLink(work.root(), outside);
        work.reset(first);
        assertThat(Files.isDirectory(work.root(), LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(outside).isDirectoryContaining("glob:**precious");

        Files.setPosixFilePermissions(work.root().resolve("src"), PosixFilePermissions.fromString("---------"));
        work.reset(second);
        assertThat(work.snapshot()).isEqualTo(hub.treeOf(second));

        Files.writeString(folder.resolve("slot/index"), "nonsense");
        Files.writeString(folder.resolve("slot/index.lock"), "");
        work.reset(first);
        assertThat(work.snapshot()).isEqualTo(hub.treeOf(first));
        assertThat(files()).containsExactly(".gitignore", "a.txt", "src/b.txt");
    }

    @Test
    void folders_replaced_by_links_do_not_lead_outside() throws IOException {
        work.reset(second);
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("b.txt"), "precious");
        FileTree.delete(work.root().resolve("src"));
        Files.createSymbolicLink(work.root().resolve("src"), outside);

        work.reset(second);

        assertThat(outside.resolve("b.txt")).hasContent("precious");
        assertThat(work.root().resolve("src")).isDirectory();
        assertThat(work.snapshot()).isEqualTo(hub.treeOf(second));
    }

    @Test
    void a_folder_that_was_moved_away_and_linked_to_is_written_again() throws IOException {
        work.reset(first);
        // The files are those that git wrote, as it sees through the link: nothing tells it to write them again.
        Files.move(work.root().resolve("src"), folder.resolve("moved"));
        Files.createSymbolicLink(work.root().resolve("src"), folder.resolve("moved"));

        work.reset(second);
        assertThat(work.root().resolve("src")).isDirectory().isNotEmptyDirectory();
        assertThat(Files.isSymbolicLink(work.root().resolve("src"))).isFalse();
        assertThat(files()).containsExactly(".gitignore", "a.txt", "new/c.txt", "src/b.txt");

        Files.move(work.root().resolve("new"), folder.resolve("also-moved"));
        Files.createSymbolicLink(work.root().resolve("new"), folder.resolve("also-moved"));
        TestRepository.at(folder.resolve("user"), processes)
                .write("new/d.txt", "d\n")
                .commit("Third");
        work.reset(hub.fetch(Source.detect("user", folder, false, processes), "HEAD"));
        assertThat(files()).containsExactly(".gitignore", "a.txt", "new/c.txt", "new/d.txt", "src/b.txt");
    }

    @Test
    void folders_deeper_than_any_path_are_gone() throws IOException {
        work.reset(first);
        Path deep = folder.resolve("deep");
        for (int i = 0; i < 5; i++) {
            Path deeper = folder.resolve("deeper");
            Path end = Files.createDirectories(deeper.resolve("a/".repeat(500)));
            if (i > 0) {
                Files.move(deep, end.resolve("d"));
            }
            Files.move(deeper, deep);
        }
        Files.move(deep, work.root().resolve("deep"));

        work.reset(second);

        assertThat(files()).containsExactly(".gitignore", "a.txt", "new/c.txt", "src/b.txt");
        assertThat(work.root().resolve("deep")).doesNotExist();
    }

    @Test
    void a_subfolder_lies_in_the_tree() {
        work.reset(first);
        assertThat(work.folder("src")).isEqualTo(work.root().resolve("src"));
        assertThat(work.folder("")).isEqualTo(work.root());
        assertThatThrownBy(() -> work.folder("../slot2")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_commit_with_a_link_in_the_place_of_the_subfolder_is_refused() throws IOException {
        work.reset(first);
        Path outside = Files.createDirectories(folder.resolve("outside"));
        FileTree.delete(work.root().resolve("src"));
        Files.createSymbolicLink(work.root().resolve("src"), outside);

        assertThatThrownBy(() -> work.folder("src/deep"))
                .hasMessageContaining("src, where the search works, is no folder");
        assertThat(outside).isEmptyDirectory();
    }

    /** Root may read everything, so that this is tested only where tests run as somebody else. */
    @Test
    void what_a_test_of_permissions_left_is_made_readable() throws IOException {
        work.reset(first);
        Path locked = Files.createDirectories(work.root().resolve("locked"));
        Files.writeString(locked.resolve("inside.txt"), "inside\n");
        Path file = Files.writeString(work.root().resolve("unreadable.txt"), "text\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "as root");

        CommitHash commit = commit(work.snapshot());

        assertThat(hub.files(commit)).extracting(entry -> entry.path()).contains("locked/inside.txt", "unreadable.txt");
    }

    @Test
    void a_commit_that_is_not_there_is_named() {
        var unknown = new CommitHash("f".repeat(40));
        assertThatThrownBy(() -> work.reset(unknown)).hasMessageContaining(unknown.value());
        work.reset(first);
        assertThat(work.snapshot()).isEqualTo(hub.treeOf(first));
    }

    /** Two, which no file of git's describes. */
    private CommitHash withSubmodules() {
        var user = TestRepository.at(folder.resolve("user"), processes);
        user.git("update-index", "--add", "--cacheinfo", "160000," + first + ",sub");
        user.git("update-index", "--add", "--cacheinfo", "160000," + first + ",deep/sub");
        user.git("commit", "--quiet", "-m", "Submodules");
        return hub.fetch(Source.detect("user", folder, false, processes), "HEAD");
    }

    private CommitHash commit(String tree) {
        return hub.commit(tree, first, new CommitMessage("L", "l@example.org", "Work", Instant.EPOCH));
    }

    private Set<String> files() throws IOException {
        try (var all = Files.walk(work.root())) {
            List<Path> found = all.filter(Files::isRegularFile).toList();
            return found.stream()
                    .map(file -> work.root().relativize(file).toString())
                    .filter(path -> !path.startsWith(".git/"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}

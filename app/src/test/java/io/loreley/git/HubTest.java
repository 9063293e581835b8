package io.loreley.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Source.FolderSource;
import io.loreley.git.Source.GitSource;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class HubTest {

    private static final CommitMessage MESSAGE =
            new CommitMessage("Loreley", "loreley@example.org", "Try more\n\nBecause.", Instant.EPOCH);

    private static final CommitHash UNKNOWN = new CommitHash("0123456789".repeat(4));

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private Hub hub;
    private TestRepository user;
    private CommitHash first;

    @BeforeEach
    void open() {
        hub = Hub.open(folder.resolve("hub"), processes);
        user = TestRepository.create(folder.resolve("user"), processes);
        first = user.write("a.txt", "one\ntwo\n").write("src/b.txt", "b\n").commit("First");
    }

    @AfterEach
    void close() {
        hub.close();
        processes.close();
    }

    @Test
    void a_hub_opens_again() {
        hub.fetch(source(), "HEAD");
        hub.close();

        try (Hub again = Hub.open(folder.resolve("hub"), processes)) {
            assertThat(again.contains(first)).isTrue();
        }
    }

    @Test
    void a_folder_that_holds_anything_else_is_left_alone() throws IOException {
        for (Path taken : List.of(
                user.root(),
                user.root().resolve(".git"),
                Files.createDirectories(folder.resolve("full/x")).getParent())) {
            assertFails(FailureKind.STORAGE, () -> Hub.open(taken, processes)).hasMessageContaining("left alone");
        }
        assertThat(user.git("status", "--short")).isEmpty();
        assertThat(folder)
                .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("hub-"));
    }

    @Test
    void many_may_open_a_new_hub_at_once() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> openers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                openers.add(() -> {
                    try (Hub one = Hub.open(folder.resolve("shared"), processes)) {
                        return one.fetch(source(), "HEAD").value();
                    }
                });
            }
            for (var result : threads.invokeAll(openers)) {
                assertThat(result.get()).isEqualTo(first.value());
            }
        }
    }

    @Test
    void a_commit_comes_with_its_history_and_may_be_fetched_again() {
        CommitHash second = user.write("c.txt", "c").commit("Second");

        assertThat(hub.contains(second)).isFalse();
        assertThat(hub.fetch(source(), "main")).isEqualTo(second);
        assertThat(hub.fetch(source(), "HEAD~1")).isEqualTo(first);
        assertThat(hub.fetch(source(), second.abbreviated())).isEqualTo(second);
        assertThat(hub.contains(first)).isTrue();
        assertThat(hub.contains(UNKNOWN)).isFalse();
        assertThat(hub.info(second).parents()).containsExactly(first);
        assertThat(hub.refs("refs/loreley/roots")).hasSize(2);
    }

    @Test
    void tags_and_detached_heads_are_revisions() {
        user.git("tag", "-a", "v1", "-m", "One");
        user.git("checkout", "--quiet", "--detach");
        CommitHash detached = user.write("d", "d").commit("Detached");

        assertThat(hub.fetch(source(), "v1")).isEqualTo(first);
        assertThat(hub.fetch(source(), "HEAD")).isEqualTo(detached);
    }

    @Test
    void a_revision_that_is_not_there_is_named() {
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(source(), "nonsense"))
                .hasMessageContaining("'nonsense'")
                .hasMessageContaining(user.root().toString());
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(source(), "--output=x"));
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(source(), UNKNOWN.value()));
    }

    @Test
    void a_repository_without_a_commit_says_so() {
        var empty = TestRepository.create(folder.resolve("empty"), processes);
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(detect(empty.root()), "HEAD"))
                .hasMessageContaining("at least one commit");
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(url(empty.root()), "HEAD"))
                .hasMessageContaining("at least one commit");
    }

    @Test
    void a_shallow_clone_is_told_what_to_do() {
        CommitHash second = user.write("c", "c").commit("Second");
        user.git("clone", "--quiet", "--depth=1", "file://" + user.root(), "../shallow");

        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(detect(folder.resolve("shallow")), "HEAD"))
                .hasMessageContaining("--unshallow");
        assertThat(hub.contains(second)).isFalse();
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(url(folder.resolve("shallow")), "HEAD"))
                .hasMessageContaining("--unshallow");
        assertThat(hub.refs("refs")).isEmpty();
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(detect(folder.resolve("shallow")), "HEAD"))
                .hasMessageContaining("--unshallow");

        TestRepository.at(folder.resolve("shallow"), processes).git("fetch", "--quiet", "--unshallow");
        assertThat(hub.fetch(detect(folder.resolve("shallow")), "HEAD")).isEqualTo(second);
        assertThat(hub.info(first).subject()).isEqualTo("First");
    }

    @Test
    void a_clone_without_its_files_is_told_what_to_do() {
        user.write("c", "c").commit("Second");
        user.git("config", "uploadpack.allowFilter", "true");
        user.git("clone", "--quiet", "--filter=blob:none", "--no-checkout", "file://" + user.root(), "../partial");

        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(detect(folder.resolve("partial")), "HEAD"))
                .hasMessageContaining("without --filter");
    }

    @Test
    void a_repository_with_longer_names_of_objects_is_refused() {
        user.git("init", "--quiet", "--object-format=sha256", "../longer");
        TestRepository.at(folder.resolve("longer"), processes).write("a", "a").commit("First");

        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(detect(folder.resolve("longer")), "HEAD"))
                .hasMessageContaining("SHA-256");
    }

    @Test
    void a_bare_repository_and_a_linked_work_tree_are_sources() {
        user.git("clone", "--quiet", "--bare", ".", "../bare.git");
        user.git("worktree", "add", "--quiet", "-b", "side", "../side");
        var side = TestRepository.at(folder.resolve("side"), processes);
        CommitHash there = side.write("s", "s").commit("Side");

        assertThat(hub.fetch(detect(folder.resolve("bare.git")), "HEAD")).isEqualTo(first);
        assertThat(hub.fetch(detect(side.root()), "HEAD")).isEqualTo(there);
    }

    @Test
    void a_url_is_a_source() {
        CommitHash second = user.write("c", "c").commit("Second");
        Source remote = url(user.root());

        assertThat(hub.fetch(remote, "HEAD")).isEqualTo(second);
        assertThat(hub.fetch(remote, "main")).isEqualTo(second);
        assertThat(hub.fetch(remote, first.value())).isEqualTo(first);
        assertThat(hub.refs("refs/loreley/incoming")).isEmpty();
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(remote, "nonsense"))
                .hasMessageContaining("nonsense");
        assertFails(FailureKind.GIT, () -> hub.fetch(url(folder.resolve("gone")), "HEAD"))
                .hasMessageContaining("gone");
    }

    @Test
    void a_subfolder_must_be_in_the_commit() {
        user.write("late/x", "x");

        assertThat(hub.fetch(detect(user.root().resolve("src")), "HEAD")).isEqualTo(first);
        assertFails(
                        FailureKind.CONFIGURATION,
                        () -> hub.fetch(detect(user.root().resolve("late")), "HEAD"))
                .hasMessageContaining("'late'")
                .hasMessageContaining("import");
    }

    @Test
    @EnabledIf("isRoot")
    void a_repository_that_belongs_to_somebody_else_can_be_named() throws IOException {
        try (var files = Files.walk(user.root())) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", 65534);
            }
        }
        CommitHash commit = hub.fetch(source(), "HEAD");
        hub.publishBranch(source(), "loreley/best/x", commit, false);

        assertThat(commit).isEqualTo(first);
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Test
    void a_folder_becomes_the_same_commit_wherever_it_lies() throws IOException {
        var hashes = new ArrayList<CommitHash>();
        for (String name : List.of("one", "two")) {
            Path plain = Files.createDirectories(folder.resolve(name));
            Files.writeString(plain.resolve("x.txt"), "x");
            Files.writeString(plain.resolve("skipped.log"), name);
            Files.writeString(plain.resolve(".gitignore"), "*.log\n");
            hashes.add(hub.fetch(new FolderSource(plain), "HEAD"));
        }
        assertThat(hashes.getFirst()).isEqualTo(hashes.getLast());
        assertThat(hub.files(hashes.getFirst())).extracting(TreeEntry::path).containsExactly(".gitignore", "x.txt");
    }

    @Test
    void a_folder_without_files_or_with_a_repository_inside_is_refused() throws IOException {
        Path plain = Files.createDirectories(folder.resolve("plain"));
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(new FolderSource(plain), "HEAD"))
                .hasMessageContaining("no file");

        Files.writeString(plain.resolve("x"), "x");
        TestRepository.create(plain.resolve("inner"), processes).write("y", "y").commit("Inner");
        assertFails(FailureKind.CONFIGURATION, () -> hub.fetch(new FolderSource(plain), "HEAD"))
                .hasMessageContaining("inner");
    }

    @Test
    void a_commit_says_who_when_and_why() {
        CommitHash root = hub.fetch(source(), "HEAD");

        CommitHash made = hub.commit(hub.treeOf(root), root, MESSAGE);

        assertThat(hub.commit(hub.treeOf(root), root, MESSAGE)).isEqualTo(made);
        assertThat(hub.info(made))
                .isEqualTo(new CommitInfo(hub.treeOf(root), List.of(root), "Loreley", "Try more", "Because."));
        assertThat(hub.info(root).author()).isEqualTo("Ada");
        assertThat(hub.info(root).parents()).isEmpty();
    }

    @Test
    void a_kept_commit_is_found_by_its_ref() {
        CommitHash root = hub.fetch(source(), "HEAD");
        CommitHash made = hub.commit(hub.treeOf(root), root, MESSAGE);

        hub.keep("refs/loreley/x/1", root);
        hub.keep("refs/loreley/x/1", made);
        hub.keep("refs/loreley/x/1", made);

        assertThat(hub.refs("refs/loreley/x")).containsExactly("refs/loreley/x/1");
        assertThatThrownBy(() -> hub.keep("x/1", made)).isInstanceOf(IllegalArgumentException.class);
        assertFails(FailureKind.GIT, () -> hub.keep("refs/loreley/x/2", UNKNOWN))
                .hasMessageContaining("exit code");
    }

    @Test
    void a_branch_is_published_and_moved_in_the_users_repository() {
        CommitHash root = hub.fetch(source(), "HEAD");
        CommitHash one = hub.commit(hub.treeOf(root), root, MESSAGE);

        hub.publishBranch(source(), "loreley/best/x", one, false);
        hub.publishBranch(source(), "loreley/best/x", root, false);
        String where = hub.publishBranch(source(), "loreley/best/x", one, false);

        assertThat(user.git("rev-parse", "loreley/best/x")).isEqualTo(one.value());
        assertThat(where).isEqualTo(user.root().toString());
        assertThat(user.git("status", "--short")).isEmpty();
    }

    @Test
    void a_branch_that_is_checked_out_is_not_moved() {
        CommitHash root = hub.fetch(source(), "HEAD");
        CommitHash one = hub.commit(hub.treeOf(root), root, MESSAGE);

        assertFails(FailureKind.GIT, () -> hub.publishBranch(source(), "main", one, false))
                .hasMessageContaining("check out another");
        assertThat(user.head()).isEqualTo(root);
    }

    @Test
    void a_branch_of_the_users_is_created_and_goes_on_but_loses_no_commit() {
        CommitHash root = hub.fetch(source(), "HEAD");
        CommitHash one = hub.commit(hub.treeOf(root), root, MESSAGE);
        hub.publishBranch(source(), "mine", root, false);
        hub.publishBranch(source(), "mine", root, false);
        hub.publishBranch(source(), "mine", one, false);
        user.git("checkout", "--quiet", "-b", "theirs");
        CommitHash theirs = user.write("theirs", "x").commit("Not merged");
        user.git("checkout", "--quiet", "main");

        assertFails(FailureKind.CONFIGURATION, () -> hub.publishBranch(source(), "mine", root, false))
                .hasMessageContaining("names " + one.abbreviated())
                .hasMessageContaining("--force");
        assertFails(FailureKind.CONFIGURATION, () -> hub.publishBranch(source(), "theirs", one, false))
                .hasMessageContaining("names " + theirs.abbreviated());
        assertThat(user.git("rev-parse", "theirs")).isEqualTo(theirs.value());

        hub.publishBranch(source(), "theirs", one, true);
        assertThat(user.git("rev-parse", "theirs")).isEqualTo(one.value());
    }

    @Test
    void a_branch_has_a_name_that_git_allows() {
        CommitHash root = hub.fetch(source(), "HEAD");

        assertThat(List.of("", "a b", "-x", "@{-1}"))
                .allSatisfy(name -> assertFails(
                                FailureKind.CONFIGURATION, () -> hub.publishBranch(source(), name, root, false))
                        .hasMessageStartingWith("'%s' is no name".formatted(name)));
    }

    @Test
    void the_branch_of_an_imported_folder_lies_in_the_hub() throws IOException {
        Path plain = Files.createDirectories(folder.resolve("plain"));
        Files.writeString(plain.resolve("x"), "x");
        var source = new FolderSource(plain);
        CommitHash commit = hub.fetch(source, "HEAD");

        assertThat(hub.publishBranch(source, "loreley/best/x", commit, false))
                .isEqualTo(hub.folder().toString());
        assertThat(hub.refs("refs/heads")).containsExactly("refs/heads/loreley/best/x");
    }

    @Test
    void files_are_listed_with_mode_and_exact_path() throws IOException {
        user.write("ein Ümlaut\n\"und\" tab\t.txt", "12345").write("run.sh", "x");
        assertThat(user.root().resolve("run.sh").toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(user.root().resolve("link"), Path.of("a.txt"));
        user.git("update-index", "--add", "--cacheinfo", "160000," + first + ",sub");
        user.git("add", "run.sh", "link", "ein Ümlaut\n\"und\" tab\t.txt");
        user.git("commit", "--quiet", "-m", "Kinds");

        List<TreeEntry> files = hub.files(hub.fetch(source(), "HEAD"));

        assertThat(files)
                .extracting(TreeEntry::path)
                .containsExactly("a.txt", "ein Ümlaut\n\"und\" tab\t.txt", "link", "run.sh", "src/b.txt", "sub");
        assertThat(files)
                .extracting(TreeEntry::mode)
                .containsExactly(
                        FileMode.REGULAR,
                        FileMode.REGULAR,
                        FileMode.SYMLINK,
                        FileMode.EXECUTABLE,
                        FileMode.REGULAR,
                        FileMode.SUBMODULE);
        assertThat(files.getLast()).isEqualTo(new TreeEntry(FileMode.SUBMODULE, first.value(), "sub"));
    }

    @Test
    void files_are_listed_though_a_blob_is_lost() throws IOException {
        CommitHash root = hub.importFolder(user.root().resolve("src"), "refs/loreley/x/1");
        List<TreeEntry> whole = hub.files(root);
        String blob = whole.getFirst().blob();
        Files.delete(hub.folder().resolve("objects/%s/%s".formatted(blob.substring(0, 2), blob.substring(2))));

        assertThat(hub.files(root)).isEqualTo(whole);
        assertFails(FailureKind.GIT, () -> hub.readBlobs(List.of(blob), 100, (hash, content) -> {}));
    }

    @Test
    void a_path_that_looks_like_an_end_ends_no_comparison() {
        CommitHash second = user.write("b.txt", "b")
                .write("end\nH\nend\n", "odd")
                .write("a/\n", "odd")
                .write("evaluate.sh", "changed")
                .commit("Second");
        CommitHash third = user.write("z", "z").commit("Third");
        hub.fetch(source(), "HEAD");

        for (int again = 0; again < 2; again++) {
            assertThat(hub.changes(first, second))
                    .extracting(TreeChange::path)
                    .containsExactly("a/\n", "b.txt", "end\nH\nend\n", "evaluate.sh");
            assertThat(hub.numstat(first, second))
                    .extracting(FileStat::path)
                    .containsExactly("a/\n", "b.txt", "end\nH\nend\n", "evaluate.sh");
            assertThat(hub.changes(third, third)).isEmpty();
            assertThat(hub.changes(second, third)).extracting(TreeChange::path).containsExactly("z");
        }
    }

    @Test
    void changes_tell_both_sides_and_a_rename_is_two() throws IOException {
        Files.move(user.root().resolve("src/b.txt"), user.root().resolve("c.txt"));
        Files.write(user.root().resolve("bin"), new byte[] {0, 1, 2});
        CommitHash second = user.write("a.txt", "one\n2\n3\n").commit("Second");
        hub.fetch(source(), "HEAD");

        List<TreeChange> changes = hub.changes(first, second);
        assertThat(changes).extracting(TreeChange::path).containsExactly("a.txt", "bin", "c.txt", "src/b.txt");
        assertThat(changes.get(2).oldMode()).isEqualTo(FileMode.ABSENT);
        assertThat(changes.get(3).newMode()).isEqualTo(FileMode.ABSENT);
        assertThat(changes.get(3).oldBlob()).isEqualTo(changes.get(2).newBlob());
        assertThat(hub.changes(first, first)).isEmpty();
        assertThat(hub.numstat(first, second))
                .contains(new FileStat(2, 1, false, "a.txt"), new FileStat(0, 0, true, "bin"));
    }

    @Test
    void blobs_are_read_in_bulk_and_large_ones_reported() {
        IntStream.range(0, 1000).forEach(i -> user.write("many/" + i, "content " + i));
        user.write("large", "x".repeat(10_000)).write("empty", "");
        List<TreeEntry> files =
                hub.files(hub.fetch(source(), user.commit("Many").value()));
        Map<String, String> read = new LinkedHashMap<>();
        Map<String, Long> skipped = new LinkedHashMap<>();

        hub.readBlobs(files.stream().map(TreeEntry::blob).toList(), 9_999, new BlobVisitor() {
            @Override
            public void blob(String hash, byte[] content) {
                read.put(hash, new String(content, StandardCharsets.UTF_8));
            }

            @Override
            public void tooLarge(String hash, long size) {
                skipped.put(hash, size);
            }
        });

        assertThat(skipped.values()).containsExactly(10_000L);
        assertThat(read.values()).hasSize(1003).contains("content 0", "content 999", "", "one\ntwo\n");
    }

    @Test
    void after_a_missing_object_others_are_still_read() {
        CommitHash root = hub.fetch(source(), "HEAD");
        List<String> blobs = hub.files(root).stream().map(TreeEntry::blob).toList();
        var seen = new ArrayList<String>();

        assertFails(FailureKind.GIT, () -> hub.info(UNKNOWN)).hasMessageContaining(UNKNOWN.value());
        assertFails(FailureKind.GIT, () -> hub.readBlobs(List.of(UNKNOWN.value()), 100, (hash, content) -> {}));
        assertFails(FailureKind.GIT, () -> hub.readBlobs(List.of(root.value()), 1000, (hash, content) -> {}));
        assertThatThrownBy(() -> hub.readBlobs(blobs, 100, (hash, content) -> {
                    throw new IllegalStateException("the visitor fails");
                }))
                .hasMessage("the visitor fails");
        hub.readBlobs(blobs, 100, (hash, content) -> {
            assertThat(hub.info(root).author()).isEqualTo("Ada"); // a visitor may ask the hub
            seen.add(hash);
        });

        assertThat(seen).containsExactlyElementsOf(blobs);
    }

    @Test
    void a_name_with_a_line_end_is_one_question() {
        user.write("line\nend/x", "x").write("cr\r/x", "x").commit("Odd");
        CommitHash root = hub.fetch(source(), "HEAD");

        assertThat(hub.isFolder(root, "line\nend")).isTrue();
        assertThat(hub.isFolder(root, "cr\r")).isTrue();
        assertThat(hub.isFolder(root, "src\ninfo " + root)).isFalse();
        assertThat(hub.info(root).subject()).isEqualTo("Odd");
        assertThat(hub.isFolder(root, "src")).isTrue();
        assertThat(hub.isFolder(root, "no such")).isFalse();
    }

    @Test
    void a_conversation_that_is_one_answer_behind_is_noticed() throws IOException {
        CommitHash root = hub.fetch(source(), "HEAD");
        String tree = hub.treeOf(root);
        try (var git = Git.own(processes, hub.folder()).open("cat-file", "--batch-command", "--buffer");
                var conversation = new ObjectConversation(git)) {
            git.input().write(("info " + tree + "\n").getBytes(StandardCharsets.US_ASCII));

            assertThatThrownBy(() -> conversation.content(root.value()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("was asked for " + root);
        }
    }

    @Test
    void loose_objects_are_packed_and_none_is_lost() throws IOException {
        CommitHash root = hub.fetch(source(), "HEAD");
        CommitHash kept = hub.commit(hub.treeOf(root), root, MESSAGE);
        hub.keep("refs/loreley/x/1", kept);
        WorkTree tree = hub.workTree(folder.resolve("slot"));
        tree.reset(kept);
        Files.writeString(tree.root().resolve("new.txt"), "new\n");
        String unreferenced = tree.snapshot();
        Files.writeString(tree.root().resolve("more.txt"), "more\n");
        List<String> refs = hub.refs("refs");
        Git git = Git.own(processes, hub.folder());

        HubFolder.pack(hub.folder(), git, 1000, Instant.EPOCH);
        assertThat(git.run("count-objects")).doesNotStartWith("0 ");
        HubFolder.pack(hub.folder(), git, 1, Instant.EPOCH);
        HubFolder.pack(hub.folder(), git, 1, Instant.EPOCH);

        assertThat(git.run("count-objects")).startsWith("0 ");
        assertThat(hub.refs("refs")).isEqualTo(refs);
        assertThat(hub.folder().resolve("refs/loreley/x/1")).doesNotExist();
        assertThat(git.run("fsck", "--full", "--no-dangling")).isEmpty();
        assertThat(git.run("cat-file", "-t", unreferenced)).isEqualTo("tree");
        assertThat(hub.changes(unreferenced, tree.snapshot()))
                .extracting(TreeChange::path)
                .containsExactly("more.txt");
        tree.reset(root);
        assertThat(tree.root().resolve("a.txt")).hasContent("one\ntwo\n");
    }

    @Test
    void the_lock_of_a_process_that_was_killed_does_not_keep_objects_loose() throws IOException {
        hub.fetch(source(), "HEAD");
        Git git = Git.own(processes, hub.folder());
        Path lock = Files.createFile(hub.folder().resolve("objects/maintenance.lock"));

        HubFolder.pack(hub.folder(), git, 1, Instant.EPOCH);
        assertThat(git.run("count-objects", "-v")).contains("in-pack: 0");

        Instant later = Files.getLastModifiedTime(lock).toInstant().plusSeconds(1);
        HubFolder.pack(hub.folder(), git, 1, later);
        assertThat(git.run("count-objects", "-v")).doesNotContain("in-pack: 0");
        assertThat(lock).doesNotExist();
    }

    private Source source() {
        return detect(user.root());
    }

    private Source detect(Path path) {
        return Source.detect(path.toString(), folder, false, processes);
    }

    private static Source url(Path path) {
        return new GitSource("file://" + path, null, "");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
            FailureKind kind, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}

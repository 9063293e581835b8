package io.loreley.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitHash;
import io.loreley.process.FileTree;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is done without a git process of its own is what git would have done. */
@Timeout(60)
class FewProcessesTest {

    private static final long SEED = 20_261_129;
    private static final int ROUNDS = 10;

    /** Traps of order, of quoting, and of encoding; each character is a byte. */
    private static final List<String> NAMES = List.of(
            "a",
            "a.b",
            "a-b",
            "a0",
            "a b",
            "A",
            "new\nline",
            "-x",
            "\"q\"",
            "x.log",
            "\303\274",
            "\377\376",
            "\\",
            "z");

    private static final CommitMessage MESSAGE =
            new CommitMessage("Loreley", "loreley@example.org", "Try\n\nBecause \u00fc.", Instant.EPOCH);

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private Hub hub;
    private TestRepository user;
    private CommitHash first;
    private WorkTree work;
    private Path index;

    /** Git with the work tree's index, or rather with a copy of it. */
    private Git judge;

    private Git own;
    private ObjectReader objects;
    private ObjectWriter writer;

    @BeforeEach
    void open() {
        hub = Hub.open(folder.resolve("hub"), processes);
        user = TestRepository.create(folder.resolve("user"), processes);
        first = user.write("a/x.txt", "x")
                .write("a/deep/y.txt", "y")
                .write("a.b", "b")
                .write(".gitignore", "*.log\n")
                .commit("First");
        hub.fetch(Source.detect("user", folder, false, processes), "HEAD");
        work = hub.workTree(folder.resolve("slot"));
        index = folder.resolve("slot/index");
        own = Git.own(processes, hub.folder());
        judge = own.with(Map.of(
                "GIT_INDEX_FILE", folder.resolve("judged").toString(),
                "GIT_WORK_TREE", work.root().toString()));
        objects = new ObjectReader(own);
        writer = new ObjectWriter(hub.folder(), own);
    }

    @AfterEach
    void close() {
        objects.close();
        writer.close();
        hub.close();
        processes.close();
    }

    @Test
    void random_trees_are_written_and_cleaned_as_git_does_it() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        List<CommitHash> commits = new ArrayList<>(List.of(first, withSubmodules()));
        for (int round = 0; round < ROUNDS; round++) {
            CommitHash base = commits.get(random.nextInt(commits.size()));
            work.reset(base);
            assertThat(leftovers()).as("round %d", round).isEmpty();
            assertThat(work.snapshot()).as("round %d", round).isEqualTo(hub.treeOf(base));

            mutate(random);
            String tree = work.snapshot();

            assertThat(treeWithoutProcess()).as("round %d", round).contains(tree);
            assertThat(tree).as("round %d", round).isEqualTo(treeOfGit());
            CommitHash commit = hub.commit(tree, base, MESSAGE);
            assertThat(commit.value()).isEqualTo(commitOfGit(tree, base, MESSAGE));
            hub.keep("refs/test/" + round, commit);
            commits.add(commit);
        }
        assertThat(own.run("fsck", "--strict", "--no-progress")).isEmpty();
    }

    @Test
    void a_tree_in_which_nothing_is_left_needs_no_cleaning() throws IOException {
        user.write("\u00fc/\u00df.txt", "s").write("with space/new\nline", "n");
        Files.createSymbolicLink(user.root().resolve("link"), Path.of("a"));
        CommitHash commit = commitOfUser();
        work.reset(commit);
        assertThat(isSurelyClean()).isFalse(); // .git
        for (Path left : List.of(
                Path.of("a/deep/left"), Path.of("\u00fc/\u00e4.txt"), Path.of("x.log"), Path.of("a/x"), Path.of("A"))) {
            withoutPrivateRepository(commit);
            assertThat(isSurelyClean()).isTrue();
            Files.writeString(work.root().resolve(left), "left");
            assertThat(isSurelyClean()).as("%s", left).isFalse();
        }
        withoutPrivateRepository(commit);
        Files.createDirectory(work.root().resolve("a/empty"));
        assertThat(isSurelyClean()).isFalse();
        withoutPrivateRepository(commit);
        Files.createSymbolicLink(work.root().resolve("a/link"), Path.of("x.txt"));
        assertThat(isSurelyClean()).isFalse();
    }

    @Test
    void names_that_are_not_text_and_submodules_are_left_to_git() throws Exception {
        work.reset(first);
        shell("printf x > \"$(printf '\\377')\"");
        CommitHash odd = hub.commit(work.snapshot(), first, MESSAGE);
        withoutPrivateRepository(odd);
        assertThat(isSurelyClean()).isFalse();
        shell("printf x > \"$(printf '\\376')\"");
        work.reset(odd);
        assertThat(leftovers()).isEmpty();

        withoutPrivateRepository(withSubmodules());
        assertThat(isSurelyClean()).isFalse();
    }

    @Test
    void an_empty_tree_and_an_unchanged_one_are_known() throws Exception {
        work.reset(first);
        assertThat(treeWithoutProcess()).contains(hub.treeOf(first));
        shell("rm -rf a a.b .gitignore");
        assertThat(work.snapshot()).isEqualTo(treeOfGit()).isEqualTo("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
        assertThat(treeWithoutProcess()).contains("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    }

    @Test
    void a_path_too_long_for_the_indexs_own_count_is_read() throws Exception {
        work.reset(first);
        String path = ("d".repeat(250) + "/").repeat(17) + "file";
        judgeWithIndexOfTree()
                .run(
                        "update-index",
                        "--add",
                        "--cacheinfo",
                        "100644," + own.run("rev-parse", first + ":a.b") + "," + path);

        assertThat(IndexTrees.of(GitIndex.read(folder.resolve("judged")).orElseThrow())
                        .root())
                .isEqualTo(judge.run("write-tree"));
    }

    @Test
    void an_index_of_another_layout_is_left_to_git() throws IOException {
        work.reset(first);
        judgeWithIndexOfTree().run("update-index", "--index-version", "4");
        Files.copy(folder.resolve("judged"), index, StandardCopyOption.REPLACE_EXISTING);
        TestRepository.at(work.root(), processes).write("a/new.txt", "n");
        String tree = work.snapshot();

        assertThat(GitIndex.read(index)).isEmpty();
        assertThat(tree).isEqualTo(treeOfGit()).isNotEqualTo(hub.treeOf(first));
        work.reset(first);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void only_a_whole_index_of_files_is_read() throws IOException {
        work.reset(first);
        Path judged = folder.resolve("judged");
        judgeWithIndexOfTree();
        assertThat(GitIndex.read(judged)).isPresent();
        byte[] whole = Files.readAllBytes(judged);
        for (int length = 0; length < whole.length; length++) {
            Files.write(judged, Arrays.copyOf(whole, length));
            assertThat(GitIndex.read(judged)).isEmpty();
        }
        Files.delete(judged);
        assertThat(GitIndex.read(judged)).isEmpty();

        judgeWithIndexOfTree().run("update-index", "--split-index");
        assertThat(GitIndex.read(judged)).isEmpty();

        Files.writeString(work.root().resolve("new"), "n");
        judgeWithIndexOfTree().run("-C", work.root().toString(), "add", "--intent-to-add", "new");
        assertThat(GitIndex.read(judged)).isEmpty();

        String blob = own.run("rev-parse", first + ":a.b");
        judgeWithIndexOfTree().runWithInput("100644 %s 1\tconflict\n".formatted(blob), "update-index", "--index-info");
        assertThat(GitIndex.read(judged)).isEmpty();

        judgeWithIndexOfTree().run("update-index", "--skip-worktree", "a.b");
        assertThat(GitIndex.read(judged).map(read -> IndexTrees.of(read).root()))
                .contains(hub.treeOf(first));
    }

    @Test
    void an_index_with_longer_names_is_not_read() {
        var other = TestRepository.at(folder.resolve("user"), processes);
        other.git("init", "--quiet", "--object-format=sha256", "../other");
        var sha256 = TestRepository.at(folder.resolve("other"), processes);
        sha256.write("a", "a").commit("First");
        assertThat(GitIndex.read(folder.resolve("other/.git/index"))).isEmpty();
    }

    @Test
    void commits_are_those_of_git_to_the_byte() {
        String tree = hub.treeOf(first);
        List<String> authors = List.of(
                "Ada", "Ada B. Lovelace", " Ada ", "Ada.", "<Ada>", "Ada\nB", "A,da,", "\"Ada\"", "a<b", "Ada\t");
        List<String> texts = List.of(
                "one line",
                "one line\n",
                "two\n\n\nlines \n\n",
                "\n\nlate",
                "carriage\r\nreturn\r",
                "\u00fc \ud83d\ude00",
                "# no comment\n",
                "not a character: \uffff \ufdd0",
                "replaced: \ufffd");
        for (String author : authors) {
            for (String text : author.equals("Ada") ? texts : List.of("Try")) {
                var message = new CommitMessage(author, "ada@example.org", text, Instant.ofEpochSecond(1_234_567_890));
                assertThat(hub.commit(tree, first, message).value())
                        .as("%s says %s", author, text)
                        .isEqualTo(commitOfGit(tree, first, message));
            }
        }
        for (String email : List.of("", "<a@b>", "a@b.", "a b", "a+b@c-d_e.org")) {
            var message = new CommitMessage("Ada", email, "Try", Instant.EPOCH);
            assertThat(hub.commit(tree, first, message).value()).as(email).isEqualTo(commitOfGit(tree, first, message));
        }
    }

    @Test
    void a_commit_of_what_is_not_there_is_refused() {
        var unknown = new CommitHash("f".repeat(40));
        for (Runnable refused : List.<Runnable>of(
                () -> hub.commit(unknown.value(), first, MESSAGE),
                () -> hub.commit(hub.treeOf(first), unknown, MESSAGE),
                () -> hub.commit(first.value(), unknown, MESSAGE))) {
            assertThatThrownBy(refused::run).hasMessageContaining("git failed");
        }
    }

    @Test
    void a_tree_whose_blob_was_lost_is_refused() throws IOException {
        work.reset(first);
        TestRepository.at(work.root(), processes).write("a/new.txt", "lost");
        judgeWithOwnIndex("add", "--all", ".");
        GitIndex read = GitIndex.read(folder.resolve("judged")).orElseThrow();
        String blob = own.runWithInput("lost", "hash-object", "--stdin");
        Files.delete(hub.folder().resolve("objects/%s/%s".formatted(blob.substring(0, 2), blob.substring(2))));
        assertThat(written(read)).isEmpty();
    }

    @Test
    void a_long_lived_git_that_is_killed_is_survived() {
        var agent = TestRepository.at(work.root(), processes);
        for (int round = 0; round < 3; round++) {
            work.reset(first);
            agent.write("a/deep/more/z.txt", "round " + round);
            String tree = work.snapshot();
            assertThat(tree).isEqualTo(treeOfGit());
            assertThat(hub.commit(tree, first, MESSAGE).value()).isEqualTo(commitOfGit(tree, first, MESSAGE));
            assertThat(killWriters()).isEqualTo(2);
        }
    }

    @Test
    void a_git_that_ends_or_says_something_else_has_not_answered() {
        try (var ends = new LineConversation(own, "version");
                var speaks = new LineConversation(own, "cat-file", "--batch-check")) {
            for (int again = 0; again < 2; again++) {
                assertThat(ends.isAnswered("one\n", List.of("one"))).isFalse();
                assertThat(speaks.isAnswered("one\n", List.of("two"))).isFalse();
                assertThat(speaks.isAnswered("one\n", List.of("one missing"))).isTrue();
            }
        }
    }

    @Test
    void a_hub_that_is_packed_meanwhile_is_written_to() {
        var agent = TestRepository.at(work.root(), processes);
        for (int round = 0; round < 3; round++) {
            work.reset(first);
            agent.write("a/deep/z.txt", "round " + round / 2);
            String tree = work.snapshot();
            assertThat(tree).isEqualTo(treeOfGit());
            hub.keep("refs/test/" + round, hub.commit(tree, first, MESSAGE));
            HubFolder.pack(hub.folder(), own, 0, Instant.EPOCH);
            own.run("prune-packed");
        }
        assertThat(own.run("fsck", "--strict", "--no-progress")).isEmpty();
    }

    /** Two that Git knows by no file of its own, one of them deeper. */
    private CommitHash withSubmodules() {
        user.git("update-index", "--add", "--cacheinfo", "160000," + first + ",sub");
        user.git("update-index", "--add", "--cacheinfo", "160000," + first + ",a/b.c/sub");
        user.git("commit", "--quiet", "-m", "Submodules");
        return hub.fetch(Source.detect("user", folder, false, processes), "HEAD");
    }

    private CommitHash commitOfUser() {
        user.commit("More");
        return hub.fetch(Source.detect("user", folder, false, processes), "HEAD");
    }

    private void mutate(RandomGenerator random) throws Exception {
        var script = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            String path = randomPath(random);
            String parent = quoted(path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : ".");
            String target = quoted(path);
            String intoPlace = "rm -rf %s; mkdir -p %s && ".formatted(target, parent);
            script.append(
                    switch (random.nextInt(9)) {
                        case 0 -> "rm -rf " + target;
                        case 1 -> intoPlace + "mv %s %s".formatted(quoted(randomPath(random)), target);
                        case 2 -> intoPlace + "ln -s target %s".formatted(target);
                        case 3 -> "mkdir -p " + target;
                        case 4 -> "[ -f %s ] && chmod +x %s".formatted(target, target);
                        default -> intoPlace + "printf %d > %s".formatted(random.nextInt(5), target);
                    });
            script.append("\n");
        }
        shell(script.toString());
    }

    private static String randomPath(RandomGenerator random) {
        return random.ints(1 + random.nextInt(3), 0, NAMES.size())
                .mapToObj(NAMES::get)
                .collect(Collectors.joining("/", "./", ""));
    }

    private static String quoted(String bytes) {
        return bytes.chars().mapToObj("\\%03o"::formatted).collect(Collectors.joining("", "\"$(printf '", "')\""));
    }

    private void shell(String script) throws Exception {
        processes.capture(
                List.of("sh", "-c", script),
                work.root(),
                Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C"),
                null,
                new Limits(Duration.ofSeconds(20), 1_000_000));
    }

    private String leftovers() {
        return judgeWithIndexOfTree().run("-C", work.root().toString(), "clean", "-ffdxn");
    }

    private boolean isSurelyClean() {
        return Leftovers.of(work.root(), GitIndex.read(index).orElseThrow()) == Leftovers.State.NONE;
    }

    private void withoutPrivateRepository(CommitHash commit) throws IOException {
        work.reset(commit);
        FileTree.delete(work.root().resolve(".git"));
    }

    private String treeOfGit() {
        return judgeWithIndexOfTree().run("write-tree");
    }

    private Optional<String> treeWithoutProcess() {
        return written(GitIndex.read(index).orElseThrow());
    }

    private Optional<String> written(GitIndex read) {
        return new TreeWriter(objects, writer).write(read);
    }

    private String commitOfGit(String tree, CommitHash parent, CommitMessage message) {
        String when = "@" + message.when().getEpochSecond() + " +0000";
        return own.with(Map.of(
                        "GIT_AUTHOR_NAME", message.author(),
                        "GIT_AUTHOR_EMAIL", message.email(),
                        "GIT_AUTHOR_DATE", when,
                        "GIT_COMMITTER_NAME", message.author(),
                        "GIT_COMMITTER_EMAIL", message.email(),
                        "GIT_COMMITTER_DATE", when))
                .runWithInput(message.text(), "commit-tree", tree, "-p", parent.value());
    }

    private Git judgeWithIndexOfTree() {
        try {
            Files.copy(index, folder.resolve("judged"), StandardCopyOption.REPLACE_EXISTING);
            return judge;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Git judgeWithOwnIndex(String... arguments) throws IOException {
        Files.deleteIfExists(folder.resolve("judged"));
        List<String> line = new ArrayList<>(List.of("-C", work.root().toString()));
        line.addAll(List.of(arguments));
        judge.run(line.toArray(String[]::new));
        return judge;
    }

    /** @return how many there were of this hub: other tests have writers of their own meanwhile */
    private int killWriters() {
        Set<ProcessHandle> writers = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("hash-object"))
                .filter(this::worksInHub)
                .collect(Collectors.toSet());
        writers.forEach(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
        return writers.size();
    }

    private boolean worksInHub(ProcessHandle process) {
        try {
            return Files.isSameFile(Path.of("/proc/%d/cwd".formatted(process.pid())), hub.folder());
        } catch (IOException e) {
            return false; // it has ended
        }
    }
}

package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Repository;
import io.loreley.git.CommitMessage;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.git.WorkTree;
import io.loreley.mapelites.Vector;
import io.loreley.process.ProcessRunner;
import io.loreley.store.EmbeddingStore;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class RepositoryEmbedderIT {

    private static final EmbeddingSettings SETTINGS = new EmbeddingSettings(
            EmbeddingKind.HASHING,
            "model",
            null,
            32,
            List.of(),
            List.of(),
            List.of("tests/**", "**/*.lock"),
            64,
            true,
            80,
            64);

    @RegisterExtension
    static final TestDatabase postgres = new TestDatabase();

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private ExperimentId experiment;
    private String subfolder = "";
    private Hub hub;
    private WorkTree tree;
    private CommitHash root;

    @BeforeEach
    void open() throws IOException {
        hub = Hub.open(folder.resolve("hub"), processes);
        Path project = folder.resolve("project");
        write(project, "src/Main.java", "class Main {\n  int answer() { return 42; }\n}\n");
        write(project, "src/Other.java", "class Other {\n  String name() { return \"x\"; }\n}\n");
        write(project, "notes.txt", "remember the milk\n");
        write(project, "tests/MainTest.java", "class MainTest {}\n");
        write(project, "out/made.txt", "made\n");
        write(project, "b.lock", "locked\n");
        write(project, ".loreleyignore", "out/\n");
        root = hub.fetch(new Source.FolderSource(project), "HEAD");
        tree = hub.workTree(folder.resolve("slot"));
        experiment = experiment();
    }

    @AfterEach
    void close() {
        hub.close();
        processes.close();
    }

    @Test
    void a_commit_counts_the_files_that_are_selected() {
        // .loreleyignore, notes.txt and two sources; not tests, out or the lock file
        assertThat(embedder().embed(root).files()).isEqualTo(4);
    }

    @Test
    void what_is_derived_from_a_parent_equals_what_is_summed_from_all_files() throws Exception {
        List<CommitHash> commits = new ArrayList<>();
        commits.add(commit(root, Map.of("src/Main.java", "class Main {\n  int answer() { return 43; }\n}\n")));
        commits.add(
                commit(commits.getLast(), Map.of("src/New.java", "class New {}\n", "tests/T.java", "class T {}\n")));
        commits.add(commit(commits.getLast(), Map.of("src/Other.java", "", "copy/Main.java", "class Main {}\n")));
        tree.reset(commits.getLast());
        Files.move(tree.root().resolve("src/New.java"), tree.root().resolve("src/Renamed.java"));
        Files.delete(tree.root().resolve("notes.txt"));
        Files.createSymbolicLink(tree.root().resolve("notes.txt"), Path.of("src/Main.java"));
        commits.add(snapshot(commits.getLast()));

        var inOrder = embedder();
        List<CommitEmbedding> derived = commits.stream().map(inOrder::embed).toList();

        for (int i = 0; i < commits.size(); i++) {
            experiment = experiment();
            assertThat(embedder().embed(commits.get(i))).isEqualTo(derived.get(i));
        }
        experiment = experiment();
        var backwards = embedder();
        assertThat(commits.reversed().stream().map(backwards::embed).toList()).isEqualTo(derived.reversed());
    }

    @Test
    void a_restart_finds_everything_again() throws Exception {
        CommitHash child = commit(root, Map.of("notes.txt", "forget the milk\n"));
        CommitEmbedding before = embedder().embed(child);

        assertThat(embedder().embed(child)).isEqualTo(before);
    }

    @Test
    void lost_rows_are_computed_again() throws Exception {
        CommitHash child = commit(root, Map.of("notes.txt", "forget the milk\n"));
        CommitHash grandchild = commit(child, Map.of("notes.txt", "forget the bread\n"));
        CommitEmbedding expected = embedder().embed(grandchild);
        var embedder = embedder();
        embedder.embed(child);
        sql("DELETE FROM map_elites_repo_state_aggregates WHERE commit_hash = '%s'".formatted(grandchild));
        sql("DELETE FROM map_elites_file_embedding_cache");

        assertThat(embedder.embed(grandchild)).isEqualTo(expected);
    }

    @Test
    void the_root_lies_at_the_pole() {
        Vector vector = embedder().embed(root).vector();

        assertThat(vector.length()).isEqualTo(SETTINGS.dimensions() + 1);
        for (int i = 0; i < SETTINGS.dimensions(); i++) {
            assertThat(vector.get(i)).isZero();
        }
    }

    @Test
    void an_edit_moves_a_large_repository_as_far_as_a_small_one() throws Exception {
        var edit = Map.of("src/Main.java", "class Main {\n  int answer() { return other(7); }\n}\n");
        Vector small = embedder().embed(commit(root, edit)).vector();
        tree.reset(root);
        for (int i = 0; i < 500; i++) {
            write(tree.root(), "many/File" + i + ".java", "class File%d { int f%d; }\n".formatted(i, i * i));
        }
        root = snapshot(root);
        experiment = experiment();
        Vector large = embedder().embed(commit(root, edit)).vector();

        assertThat(large).isEqualTo(small);
    }

    @Test
    void what_is_ignored_is_settled_by_the_root() throws Exception {
        CommitHash child = commit(root, Map.of(".loreleyignore", "*.java\n", "out/more.txt", "made\n"));

        assertThat(embedder().embed(child).files()).isEqualTo(4);
    }

    @Test
    void ignore_files_with_a_byte_order_mark_and_those_of_the_searched_folder_count() throws Exception {
        root = commit(
                root,
                Map.of(
                        ".gitignore",
                        "notes.txt\n",
                        ".loreleyignore",
                        "\uFEFFout/\nOther.java\n",
                        "src/.gitignore",
                        "/Main.java\n!Other.java\n",
                        "src/a/Main.java",
                        "class Main {}\n"));

        // Both ignore files of the top, src/.gitignore and two Main.java.
        assertThat(embedder().embed(root).files()).isEqualTo(5);
        subfolder = "src";
        // .gitignore, Other.java, which is taken back, and a/Main.java.
        assertThat(embedder().embed(root).files()).isEqualTo(3);
    }

    @Test
    void an_ignore_file_that_is_too_large_is_not_passed_over() throws Exception {
        root = commit(root, Map.of(".loreleyignore", "out/made.txt\n".repeat(100_000)));

        assertThatThrownBy(() -> embedder().embed(root)).hasMessageContaining(".loreleyignore of commit");
    }

    @Test
    void a_commit_without_a_file_that_counts_says_so_and_does_not_stop_others() throws Exception {
        var embedder = embedder();
        CommitHash empty = emptied(root);
        CommitHash refilled = commit(empty, Map.of("src/Main.java", "class Main {}\n"));

        assertThatThrownBy(() -> embedder.embed(empty))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.EMBEDDING))
                .hasMessageContaining(empty.abbreviated())
                .hasMessageContaining("64 kB");
        assertThat(embedder.embed(refilled).files()).isEqualTo(1);
    }

    @Test
    void an_experiment_may_start_from_nothing() throws Exception {
        root = emptied(root);
        CommitHash child = commit(root, Map.of("hello.py", "print('hello')\n"));

        assertThat(embedder().embed(child).files()).isEqualTo(1);
    }

    @Test
    void binary_blank_and_large_files_count_in_no_sum() throws Exception {
        tree.reset(root);
        Files.write(tree.root().resolve("image.png"), new byte[] {1, 2, 0, 3});
        write(tree.root(), "blank.txt", " \n\n");
        write(tree.root(), "large.txt", "x ".repeat(40_000));
        CommitHash child = snapshot(root);
        var embedder = embedder();

        assertThat(embedder.embed(child).vector())
                .isEqualTo(embedder.embed(root).vector());
        assertThat(embedder.embed(child).files()).isEqualTo(4);
    }

    @Test
    void odd_names_and_bytes_are_files_like_others() throws Exception {
        tree.reset(root);
        write(tree.root(), "with\nnewline.txt", "alpha\n");
        write(tree.root(), " edges .txt ", "beta\n");
        write(tree.root(), "NOTES.txt", "gamma\r\ndelta\r\n");
        write(tree.root(), "überall.txt", "epsilon\n");
        Files.write(tree.root().resolve("latin.txt"), "caf\u00e9 au lait".getBytes(StandardCharsets.ISO_8859_1));
        CommitHash child = snapshot(root);
        var embedder = embedder();

        assertThat(embedder.embed(child).files()).isEqualTo(9);
        assertThat(embedder.embed(commit(child, Map.of("NOTES.txt", "gamma\ndelta\n")))
                        .vector())
                .isEqualTo(embedder.embed(child).vector());
    }

    @Test
    void a_missing_object_is_named_and_does_not_stop_others() throws Exception {
        CommitHash broken = commit(root, Map.of("notes.txt", "this one is lost\n"));
        String blob = blob(broken, "notes.txt");
        Files.delete(
                hub.folder().resolve("objects").resolve(blob.substring(0, 2)).resolve(blob.substring(2)));
        var embedder = embedder();

        assertThatThrownBy(() -> embedder.embed(broken))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.GIT))
                .hasMessageContaining(blob);
        assertThat(embedder.embed(root).files()).isEqualTo(4);
    }

    @Test
    void a_blob_of_two_gigabytes_is_never_read() throws Exception {
        // The header says 2 GiB and nothing follows: whoever reads on fails.
        String blob = "ab".repeat(20);
        Path object = hub.folder().resolve("objects/ab").resolve(blob.substring(2));
        Files.createDirectories(object.getParent());
        try (var out = new DeflaterOutputStream(Files.newOutputStream(object))) {
            out.write("blob 2147483648\0".getBytes(StandardCharsets.US_ASCII));
        }
        String tree = git("mktree", "--missing", "100644 blob %s\tlarge.txt\n".formatted(blob));
        CommitHash child = hub.commit(tree, root, new CommitMessage("Ada", "ada@example.org", "Try", Instant.EPOCH));
        CommitHash grandchild = commit(root, Map.of("notes.txt", "small again\n"));
        var embedder = embedder();

        assertThatThrownBy(() -> embedder.embed(child))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.EMBEDDING))
                .hasMessageContaining("64 kB");
        assertThat(embedder.embed(grandchild).files()).isEqualTo(4);
    }

    @Test
    void a_sum_that_went_wrong_is_found_after_the_next_start_and_corrected() throws Exception {
        CommitHash child = commit(root, Map.of("notes.txt", "forget the milk\n"));
        CommitHash grandchild = commit(child, Map.of("notes.txt", "forget the bread\n"));
        CommitEmbedding expected = embedder().embed(grandchild);
        embedder().embed(child);
        sql("DELETE FROM map_elites_repo_state_aggregates WHERE commit_hash = '%s'".formatted(grandchild));
        sql("UPDATE map_elites_repo_state_aggregates SET sum_vector[1] = sum_vector[1] + 3, file_count = 7"
                + " WHERE commit_hash = '%s'".formatted(child));

        assertThat(embedder().embed(grandchild)).isEqualTo(expected);
    }

    @Test
    void another_experiment_takes_over_what_was_embedded() {
        var calls = Collections.synchronizedList(new ArrayList<String>());
        Embedder counting = counting("counting", calls);
        embedder(counting).embed(root);
        int paid = calls.size();
        experiment = experiment();
        embedder(counting).embed(root);

        assertThat(paid).isEqualTo(4);
        assertThat(calls).hasSize(paid);
    }

    @Test
    void what_differs_in_more_than_a_page_of_files_is_summed_page_by_page() throws Exception {
        tree.reset(root);
        for (int i = 0; i < 4_100; i++) {
            write(tree.root(), "many/" + i + ".txt", "the same\n");
        }
        CommitHash full = snapshot(root);
        Files.move(tree.root().resolve("many"), tree.root().resolve("moved"));
        CommitHash moved = snapshot(full);
        var calls = Collections.synchronizedList(new ArrayList<String>());
        var embedder = embedder(counting("paged", calls));
        embedder.embed(commit(root, Map.of("notes.txt", "the first sum that is derived is checked\n")));
        CommitEmbedding before = embedder.embed(full);
        sql("DELETE FROM map_elites_file_embedding_cache WHERE blob_sha = '%s'".formatted(blob(full, "notes.txt")));
        calls.clear();

        assertThat(embedder.embed(moved)).isEqualTo(before);
        assertThat(calls).as("files that are the same in both").anyMatch(text -> text.contains("milk"));
    }

    private static Embedder counting(String model, List<String> calls) {
        Embedder hashing = new HashingEmbedder(SETTINGS.dimensions());
        return new Embedder() {
            @Override
            public String model() {
                return model;
            }

            @Override
            public int dimensions() {
                return hashing.dimensions();
            }

            @Override
            public List<Vector> embed(List<String> texts) {
                calls.addAll(texts);
                return hashing.embed(texts);
            }
        };
    }

    private String git(String command, String option, String input) throws Exception {
        return run(hub.folder(), input, command, option).strip();
    }

    private static String run(Path place, String input, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("git"));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void after_the_first_failure_no_more_is_embedded() throws Exception {
        int files = manyFiles();
        Failing failing = new Failing();

        assertThatThrownBy(() -> embedder(failing).embed(root)).hasMessage("the endpoint is away");

        assertThat(failing.calls.get()).isPositive().isLessThan(files / 2);
    }

    @Test
    void a_stop_need_not_wait_for_an_endpoint_that_does_not_answer() throws Exception {
        manyFiles();
        Failing hanging = new Failing();
        hanging.hangs = true;
        var embedding = new FutureTask<>(() -> embedder(hanging).embed(root));
        Thread thread = Thread.startVirtualThread(embedding);

        hanging.begun.await();
        thread.interrupt();

        assertThatThrownBy(embedding::get)
                .cause()
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INTERRUPTED));
    }

    /** A root with many more files than are embedded side by side. */
    private int manyFiles() throws IOException {
        int files = 4 * Runtime.getRuntime().availableProcessors() + 20;
        tree.reset(root);
        for (int i = 0; i < files; i++) {
            write(tree.root(), "many/" + i + ".txt", "number %d\n".formatted(i));
        }
        root = snapshot(root);
        experiment = experiment();
        return files;
    }

    /** Embeds nothing: it fails at once, or when it is interrupted. */
    private static final class Failing implements Embedder {

        private final AtomicInteger calls = new AtomicInteger();
        private final CountDownLatch begun =
                new CountDownLatch(Runtime.getRuntime().availableProcessors() + 1);
        private volatile boolean hangs;

        @Override
        public String model() {
            return "failing";
        }

        @Override
        public int dimensions() {
            return SETTINGS.dimensions();
        }

        @Override
        public int textsAtOnce() {
            return 1;
        }

        @Override
        public List<Vector> embed(List<String> texts) {
            calls.incrementAndGet();
            begun.countDown();
            try {
                if (hangs) {
                    new CountDownLatch(1).await();
                }
                throw new LoreleyException(FailureKind.ENDPOINT, "the endpoint is away");
            } catch (InterruptedException e) {
                throw new LoreleyException(FailureKind.INTERRUPTED, "interrupted", e);
            }
        }
    }

    private RepositoryEmbedder embedder() {
        return embedder(new HashingEmbedder(SETTINGS.dimensions()));
    }

    private RepositoryEmbedder embedder(Embedder embedder) {
        return new RepositoryEmbedder(
                SETTINGS, hub, new EmbeddingStore(postgres.database()), embedder, experiment, subfolder, root);
    }

    private CommitHash commit(CommitHash parent, Map<String, String> files) throws IOException {
        tree.reset(parent);
        for (var file : files.entrySet()) {
            write(tree.root(), file.getKey(), file.getValue());
        }
        return snapshot(parent);
    }

    private String blob(CommitHash commit, String path) {
        return hub.files(commit).stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow()
                .blob();
    }

    private CommitHash emptied(CommitHash parent) throws IOException {
        tree.reset(parent);
        for (var file : hub.files(parent)) {
            Files.delete(tree.root().resolve(file.path()));
        }
        write(tree.root(), "b.lock", "all that is left\n");
        return snapshot(parent);
    }

    private CommitHash snapshot(CommitHash parent) {
        return hub.commit(tree.snapshot(), parent, new CommitMessage("Ada", "ada@example.org", "Try", Instant.EPOCH));
    }

    private static void write(Path top, String path, String content) throws IOException {
        Path file = top.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static ExperimentId experiment() {
        UUID repository = UUID.randomUUID();
        UUID id = UUID.randomUUID();
        postgres.database()
                .transaction(session ->
                        session.insert(new Repository(repository, "example.org/" + repository, null, "/a", Map.of())));
        sql("INSERT INTO experiments (id, repository_id, config_hash) VALUES ('%s', '%s', 'hash')"
                .formatted(id, repository));
        return new ExperimentId(id);
    }

    private static void sql(String statement) {
        postgres.database().transaction(session -> {
            session.doWork(connection -> {
                try (var prepared = connection.createStatement()) {
                    prepared.execute(statement);
                }
            });
            return true;
        });
    }
}

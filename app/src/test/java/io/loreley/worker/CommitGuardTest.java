package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.cli.settings.SettingsBinder;
import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.CommitMessage;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.git.WorkTree;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class CommitGuardTest {

    private static final String TOKEN = "ghp_" + "a1B2".repeat(9);

    private final ProcessRunner processes = new ProcessRunner();

    @TempDir
    Path folder;

    private CommitSettings settings;
    private Hub hub;
    private WorkTree tree;
    private CommitHash base;

    @BeforeEach
    void a_base() throws IOException {
        settings = new SettingsBinder(Map.of(), Map.of())
                .bind(CommitSettings.class, Files.writeString(folder.resolve("commit.yaml"), ""));
        Path source = Files.createDirectories(folder.resolve("source"));
        write(source, "src/a.py", "print(1)\n");
        write(source, "build/tool.sh", "true\n");
        write(source, "old.txt", "token = " + TOKEN + "\n");
        write(source, ".env", "MODE=test\n");
        write(source, "large.txt", "x".repeat(2_000_000));
        hub = Hub.open(folder.resolve("hub"), processes);
        base = hub.fetch(new Source.FolderSource(source), "HEAD");
        tree = hub.workTree(folder.resolve("slot"), settings.leaveOut());
        tree.reset(base);
    }

    @AfterEach
    void nothing_stays_open() {
        hub.close();
        processes.close();
    }

    @Test
    void an_ordinary_change_passes() throws IOException {
        left("src/a.py", "print(2)\n");
        left("src/b/new.py", "print(3)\n");
        Files.delete(tree.root().resolve("old.txt"));
        check();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".env",
                "sub/.env.local",
                "deploy/server.pem",
                "id_rsa",
                "home/.ssh/config",
                "node_modules/left-pad/index.js",
                "sub/.venv/bin/python",
                "target/classes/A.txt",
            })
    void what_is_denied_is_refused_with_its_file(String path) throws IOException {
        Files.deleteIfExists(tree.root().resolve(".env"));
        CommitHash without =
                hub.commit(tree.snapshot(), base, new CommitMessage("Ada", "ada@example.org", "m", Instant.EPOCH));
        tree.reset(without);
        left(path, "content\n");

        assertThatThrownBy(() -> guard(Map.of()).check(without, tree.snapshot()))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.FORBIDDEN_CHANGE))
                .hasMessageContaining(path + ": '")
                .hasMessageContaining("of commit.deny");
    }

    @ParameterizedTest
    @ValueSource(strings = {".env.example", "build/other.sh", "src/target/A.py", "environment.env", "keys.py"})
    void what_only_looks_like_it_passes(String path) throws IOException {
        left(path, "content\n");
        check();
    }

    @Test
    void what_the_base_holds_may_be_changed() throws IOException {
        left(".env", "MODE=live\n");
        left("large.txt", "x".repeat(1_900_000));
        left("old.txt", "token = " + TOKEN + "\nmore\n");
        check();
    }

    @Test
    void what_the_base_holds_may_be_moved_and_copied() throws IOException {
        Files.move(tree.root().resolve("old.txt"), tree.root().resolve("src/moved.txt"));
        for (int i = 0; i < 3; i++) {
            Files.copy(tree.root().resolve("large.txt"), tree.root().resolve("copy-" + i));
        }
        check();
        left("src/moved.txt", "token = " + TOKEN + "\nmore\n");
        assertThatThrownBy(this::check)
                .hasMessageContaining("src/moved.txt line 1")
                .hasMessageNotContaining("copy-");
    }

    @Test
    void a_secret_in_an_added_line_is_refused_and_not_told() throws IOException {
        left("src/a.py", "print(1)\nkey = '" + TOKEN + "'\n");
        assertThatThrownBy(this::check)
                .hasMessageContaining("src/a.py line 2: looks like a GitHub token")
                .hasMessageNotContaining(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN RSA PRIVATE KEY-----",
                "sk-ant-api03-abcdefghijklmnopqrstuvwxyz",
                "OPENAI=sk-proj-abcdefghijklmnopqrstuvwxyz0123456789",
                "AKIAABCDEFGHIJKLMNOP",
                "my-own-secret-7",
            })
    void keys_of_known_shapes_are_known(String line) throws IOException {
        left("notes.txt", line + "\n");
        assertThatThrownBy(this::check).hasMessageContaining("notes.txt line 1: looks like");
    }

    @Test
    void the_value_of_a_secret_variable_is_known() throws IOException {
        left("notes.txt", "curl -H canary-0123456789\n");
        assertThatThrownBy(() ->
                        guard(Map.of("PROVIDER_API_KEY", "canary-0123456789")).check(base, tree.snapshot()))
                .hasMessageContaining("the value of PROVIDER_API_KEY")
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_SECRET_ACCESS_KEY, wJalrXUtnFEMI/K7MDENG/bPxRfiCYcanary, wJalrXUtnFEMI/K7MDENG/bPxRfiCYcanary",
        "SESSION_TOKEN, /leading/slash/canary==, /leading/slash/canary==",
        "DATABASE_URL, postgres://me:canary-0123456789@host/db, canary-0123456789",
        "PGPASSWORD, ' canary-0123456789 ', canary-0123456789",
    })
    void a_secret_may_hold_slashes_and_be_a_part_of_a_url(String name, String value, String written)
            throws IOException {
        left("notes.txt", "it is '" + written + "'\n");
        assertThatThrownBy(() -> guard(Map.of(name, value)).check(base, tree.snapshot()))
                .hasMessageContaining("notes.txt line 1: looks like the value of " + name)
                .hasMessageNotContaining("canary");
    }

    @Test
    void where_a_secret_lies_is_none() throws IOException {
        Path key = Files.writeString(folder.resolve("service-account.json"), "{}");
        left("notes.txt", "Read " + key + " or ask /etc for the keyboard layout\n");
        guard(Map.of("SERVICE_KEY", key.toString(), "KEYBOARD", "keyboard layout"))
                .check(base, tree.snapshot());
    }

    @Test
    void sizes_are_limited_by_file_and_in_sum() throws IOException {
        left("big.txt", "x".repeat(1_100_000));
        assertThatThrownBy(this::check)
                .hasMessageContaining("big.txt: 1075 KiB, and commit.max-file-kilobytes is 1024");
        left("big.txt", "x\0".repeat(200_000));
        assertThatThrownBy(this::check).hasMessageContaining("commit.max-binary-kilobytes is 256");
        Files.delete(tree.root().resolve("big.txt"));
        for (int i = 0; i < 5; i++) {
            left("part-" + i, (i + "x").repeat(450_000));
        }
        assertThatThrownBy(this::check).hasMessageContaining("4394 KiB more than before");
    }

    @Test
    void what_is_too_large_in_sum_is_refused_before_it_is_read() throws IOException {
        for (int i = 0; i < 5; i++) {
            left("part-" + i, TOKEN + "\n" + (i + "x").repeat(450_000));
        }
        assertThatThrownBy(this::check)
                .hasMessageContaining("KiB more than before")
                .hasMessageNotContaining("GitHub token");
    }

    @Test
    void each_file_of_the_same_content_is_named() throws IOException {
        left("a.txt", TOKEN + "\n");
        left("b.txt", TOKEN + "\n");
        assertThatThrownBy(this::check)
                .hasMessageContaining("a.txt line 1: looks like a GitHub token")
                .hasMessageContaining("b.txt line 1: looks like a GitHub token");
    }

    @Test
    void a_pattern_that_the_stack_is_too_small_for_is_named() throws IOException {
        left("data.txt", "a".repeat(20_000) + "\n");
        SecretPatterns deep = new SecretPatterns(List.of("(a|b)*c"), Map.of());
        assertThatThrownBy(() -> new CommitGuard(settings, hub, deep).check(base, tree.snapshot()))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("commit.secrets '(a|b)*c' cannot be looked for");
        check();
    }

    @Test
    void many_violations_are_counted() throws IOException {
        for (int i = 0; i < 25; i++) {
            left("node_modules/m" + i, "x\n");
        }
        assertThatThrownBy(this::check).hasMessageContaining("and 15 more");
    }

    @Test
    void caches_of_tools_are_left_out_unless_the_base_holds_them() throws IOException {
        left("src/__pycache__/a.cpython-312.pyc", "\0");
        left(".pytest_cache/v/x", "x");
        assertThat(tree.snapshot()).isEqualTo(hub.treeOf(base));
        left("src/a.py", "print(2)\n");
        assertThat(hub.changes(hub.treeOf(base), tree.snapshot()))
                .singleElement()
                .satisfies(change -> assertThat(change.path()).isEqualTo("src/a.py"));
    }

    private void check() {
        guard(Map.of()).check(base, tree.snapshot());
    }

    private CommitGuard guard(Map<String, String> environment) {
        return new CommitGuard(settings, hub, new SecretPatterns(List.of("my-own-secret-\\d"), environment));
    }

    private void left(String path, String content) throws IOException {
        write(tree.root(), path, content);
    }

    private static void write(Path root, String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}

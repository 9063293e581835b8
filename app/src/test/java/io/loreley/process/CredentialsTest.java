package io.loreley.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    @ParameterizedTest
    @CsvSource({
        "https://user:pass@host/x.git, https://***@host/x.git",
        "https://token@host/x.git, https://***@host/x.git",
        "https://user:p@ss@host/x, https://***@host/x",
        "postgresql://loreley:pw@localhost:5432/db, postgresql://***@localhost:5432/db",
        "ssh://git:pw@host/x.git, ssh://***@host/x.git",
        "https://h/x?api_key=abcdef&y=1, https://h/x?api_key=***&y=1",
        "Authorization: Bearer abcdefghijkl, Authorization: Bearer ***",
        "OPENAI_API_KEY=sk-proj-0123456789abcdefXYZ, OPENAI_API_KEY=***",
        "key sk-ant-api03-0123456789abcdef_-x end, key *** end",
        "ghp_0123456789abcdefghij0123, ***",
        "github_pat_0123456789abcdefghij0123, ***",
        "glpat-0123456789abcdefghij, ***",
        "AKIAIOSFODNN7EXAMPLE, ***",
        "ASIAIOSFODNN7EXAMPLE, ***",
        "rk_live_0123456789abcdef, ***",
    })
    void secrets_are_hidden(String text, String masked) {
        assertThat(Credentials.mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://git@github.com/owner/repo.git",
                "git@github.com:owner/repo.git",
                "https://host:8080/a@b",
                "file:///srv/a:b@c",
                "error: unexpected token: ')'",
                "mask-skipping-of-some-longer-words",
                "author me@example.org",
            })
    void what_is_no_secret_stays(String text) {
        assertThat(Credentials.mask(text)).isEqualTo(text);
    }

    @Test
    void a_private_key_is_hidden() {
        assertThat(Credentials.mask(
                        "a -----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb\nAAAA=\n-----END OPENSSH PRIVATE KEY-----."))
                .isEqualTo("a ***.");
    }

    @Test
    void a_long_text_costs_little() {
        String text = "a:b/c=d sk_- https://".repeat(20_000);
        assertThat(Duration.ofSeconds(5)).isGreaterThan(timeOf(() -> Credentials.mask(text)));
    }

    @Test
    void a_program_sees_the_allowed_variables_and_the_named_ones() {
        Map<String, String> parent = Map.of("PATH", "/bin", "LC_ALL", "C", "OPENAI_API_KEY", "x", "TOKEN", "y");

        assertThat(BaseEnvironment.of(parent, List.of("TOKEN", "ABSENT")))
                .isEqualTo(Map.of("PATH", "/bin", "LC_ALL", "C", "TOKEN", "y"));
    }

    private static Duration timeOf(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPENAI_API_KEY",
                "MY_APIKEY",
                "apiKey",
                "SIGNING_KEYS",
                "KEY_2",
                "GITHUB_TOKEN",
                "GITHUBTOKEN",
                "PGPASSWORD",
                "DB_PASSWD",
                "AWS_SECRET_ACCESS_KEY",
                "CLIENT_SECRET",
                "VAULT_CREDENTIALS",
                "LORELEY_CANARY"
            })
    void the_value_of_a_variable_whose_name_speaks_of_a_secret_is_hidden(String name) {
        assertThat(KnownSecrets.of(Map.of(name, "0123456789")).mask("it is 0123456789"))
                .isEqualTo("it is ***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GNOME_KEYRING_CONTROL",
                "KEYBOARD_LAYOUT",
                "MONKEY",
                "XKB_KEYMAP",
                "TOKENIZERS_PARALLELISM",
                "SECRETARY",
                "PATH"
            })
    void that_of_another_is_not(String name) {
        assertThat(KnownSecrets.of(Map.of(name, "0123456789")).mask("it is 0123456789"))
                .isEqualTo("it is 0123456789");
    }

    @Test
    void a_file_without_a_secret_is_not_written_anew(@TempDir Path folder) throws IOException {
        Path log = Files.writeString(folder.resolve("stdout.log"), "nothing");
        Path beside = Files.writeString(folder.resolve("stdout.log.masked"), "as it was");
        KnownSecrets secrets = KnownSecrets.of(Map.of("API_KEY", "0123456789"));

        secrets.mask(log);
        assertThat(beside).hasContent("as it was");

        Files.writeString(log, "x".repeat((1 << 16) - 5) + "0123456789" + "y");
        secrets.mask(log);
        assertThat(log).hasContent("x".repeat((1 << 16) - 5) + "***y");
        assertThat(folder).isDirectoryContaining(log::equals).isDirectoryNotContaining(beside::equals);
    }
}

package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.process.BaseEnvironment;
import io.loreley.process.Captured;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every expectation is git's own: the rules are given to {@code git check-ignore} as well. */
@Timeout(120)
class IgnoreRulesTest {

    private static final List<String> PATHS = List.of(
            "a",
            "b",
            "ab",
            "abc",
            "a/b",
            "a/b/c",
            "a/x/b",
            "a/x/y/b",
            "x/a",
            "x/a/b",
            "x/y/a/b/c",
            "foo",
            "foobar",
            "foo/bar",
            "foo/x/bar",
            "foox/bar",
            "foox/y/bar",
            "build/out",
            "src/build/out",
            "src/build.py",
            "build.py",
            "#x",
            "!x",
            "a b",
            "a ",
            " a",
            "a\\b",
            "[x]",
            "a-b",
            "A",
            "a1",
            "a]",
            "é",
            "dir/é",
            "*",
            "a*",
            "x/*/y",
            "src/main/java/A.java",
            "src/A.java",
            "A.java",
            "doc/frotz/a",
            "frotz/doc",
            "deep/doc/frotz",
            "x/.hidden",
            ".hidden/x",
            "tab\tname");

    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "ab",
            "foo",
            "x",
            "*",
            "**",
            "?",
            "/",
            "/",
            "**/",
            "/**",
            "[ab]",
            "[!a]",
            "[a-c]",
            "[^x]",
            "[[:alpha:]]",
            "\\a",
            "\\*",
            ".",
            "-",
            "[",
            "]",
            "é",
            "***",
            "[]a]",
            "[a-]",
            "[\\]]",
            "build",
            ".py",
            "bar");

    @TempDir
    Path repository;

    private final ProcessRunner processes = new ProcessRunner();

    @BeforeEach
    void initialise() throws Exception {
        git(List.of("init", "--quiet"), null);
    }

    @AfterEach
    void close() {
        processes.close();
    }

    @Test
    void rules_of_the_manual() throws Exception {
        assertAsGit("hello.*\n/foo\n");
        assertAsGit("doc/frotz/\n");
        assertAsGit("frotz/\n");
        assertAsGit("/*\n!/foo\n/foo/*\n!/foo/bar\n");
        assertAsGit("foo/*\n");
        assertAsGit("**/foo\n");
        assertAsGit("abc/**\n**/foo/bar\na/**/b\n");
        assertAsGit("build/\n!build/out\n");
        assertAsGit("*.java\n!A.java\n");
        assertAsGit("*\n!*/\n!*.java\n");
    }

    @Test
    void escapes_comments_and_blanks() throws Exception {
        assertAsGit("# comment\n\\#x\n\\!x\n");
        assertAsGit("a\\ \n");
        assertAsGit("a \n");
        assertAsGit("a   \n\n   \nb\t\n");
        assertAsGit(" a\n");
        assertAsGit("a\\\\b\n");
        assertAsGit("a\\\n");
        assertAsGit("foo\r\nbuild/\r\n");
        assertAsGit("\uFEFFfoo\n");
        assertAsGit("!\n/\n//\n!!x\nfoo//\n");
        assertAsGit("a\\ b\nno end of line");
    }

    @Test
    void classes_and_stars() throws Exception {
        assertAsGit("[ab]\n");
        assertAsGit("[!ab]\n");
        assertAsGit("[a-c]*\n");
        assertAsGit("a[]-]\n");
        assertAsGit("[[:upper:]]*\n");
        assertAsGit("[[:nonsense:]]\n");
        assertAsGit("[a\n");
        assertAsGit("a[/]b\n");
        assertAsGit("a?b\n");
        assertAsGit("?\n");
        assertAsGit("??\n");
        assertAsGit("foo**/bar\n");
        assertAsGit("foo/**bar\n");
        assertAsGit("a/***/b\n");
        assertAsGit("**\n!a/\n");
        assertAsGit("x/\\*/y\n");
    }

    @Test
    void whatever_the_rules_are() throws Exception {
        var random = new SplittableRandom(20_261_124);
        for (int round = 0; round < 250; round++) {
            var rules = new StringBuilder();
            for (int line = random.nextInt(1, 5); line > 0; line--) {
                rules.append(random.nextInt(4) == 0 ? "!" : "").append(random.nextInt(5) == 0 ? "/" : "");
                for (int piece = random.nextInt(1, 5); piece > 0; piece--) {
                    rules.append(PIECES.get(random.nextInt(PIECES.size())));
                }
                rules.append(random.nextInt(4) == 0 ? "/" : "").append('\n');
            }
            assertAsGit(rules.toString());
        }
    }

    private void assertAsGit(String rules) throws Exception {
        Files.writeString(repository.resolve(".gitignore"), rules);
        IgnoreRules ours = IgnoreRules.parse(rules);
        Set<String> ignored = new TreeSet<>(PATHS);
        ignored.removeIf(path -> !ours.ignores(path));
        assertThat(ignored).as(rules).isEqualTo(ignoredByGit());
    }

    private Set<String> ignoredByGit() throws InterruptedException, IOException {
        // "path NUL" in; "source NUL line NUL pattern NUL path NUL" out, of the last rule that matches, negated or not
        String asked = PATHS.stream().map(path -> path + "\0").collect(Collectors.joining());
        Captured answer = git(List.of("check-ignore", "--no-index", "--stdin", "-z", "--verbose"), asked);
        List<String> fields = new ArrayList<>(List.of(answer.text().split("\0", -1)));
        Set<String> ignored = new TreeSet<>();
        for (int i = 0; i + 3 < fields.size(); i += 4) {
            if (!fields.get(i + 2).startsWith("!")) {
                ignored.add(fields.get(i + 3));
            }
        }
        return ignored;
    }

    private Captured git(List<String> arguments, @Nullable String input) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of("git", "-c", "core.excludesFile=/dev/null"));
        line.addAll(arguments);
        return processes.capture(
                line,
                repository,
                BaseEnvironment.of(System.getenv(), List.of()),
                input,
                new Limits(Duration.ofSeconds(30), 10_000_000));
    }
}

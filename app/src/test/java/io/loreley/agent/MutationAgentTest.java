package io.loreley.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutationAgentTest {

    private static final String LINES =
            IntStream.range(0, 30).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

    private static final Kinship STRANGERS = (base, other) -> List.of();

    @TempDir
    Path folder;

    @Test
    void the_same_request_on_the_same_tree_gives_the_same_edits() throws IOException {
        for (int seed = 0; seed < 30; seed++) {
            Path one = tree("one" + seed);
            Path other = tree("other" + seed);

            AgentReport report = run(STRANGERS, seed, one);

            assertThat(run(STRANGERS, seed, other)).isEqualTo(report);
            assertThat(contents(other)).isEqualTo(contents(one));
        }
    }

    @Test
    void every_seed_changes_something_and_says_what() throws IOException {
        Map<String, String> original = contents(tree("original"));
        for (int seed = 0; seed < 50; seed++) {
            Path tree = tree("tree" + seed);

            AgentReport report = run(STRANGERS, seed, tree);

            assertThat(contents(tree)).isNotEqualTo(original);
            assertThat(report.summary()).matches("(?s)(Perturbed|Deleted|Duplicated|Moved|Swapped) .* in .*\\.");
            assertThat(report.details()).containsKey("edits");
        }
    }

    @Test
    void what_is_binary_hidden_or_a_link_is_left_alone() throws IOException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.write(tree.resolve("data.bin"), new byte[] {1, 0, 2});
        Files.write(tree.resolve("latin"), new byte[] {(byte) 0xe9, '\n', '1'});
        Files.createDirectory(tree.resolve(".git"));
        Files.writeString(tree.resolve(".git/config"), "a = 1\nb = 2\n");
        Files.writeString(folder.resolve("outside"), "a = 1\n");
        Files.createSymbolicLink(tree.resolve("link"), folder.resolve("outside"));
        Map<String, String> before = contents(tree);

        AgentReport report = run(STRANGERS, 1, tree);

        assertThat(report.summary()).isEqualTo("Found nothing to edit.");
        assertThat(contents(tree)).isEqualTo(before);
        assertThat(folder.resolve("outside")).hasContent("a = 1\n");
    }

    @Test
    void changes_of_an_inspiration_are_taken_over() throws IOException {
        String before = LINES;
        Kinship kinship = (base, other) -> List.of(
                new Kinship.Change("src/a.txt", before, before.replace("line 15", "from elsewhere")),
                new Kinship.Change("added.txt", null, "new\n"));
        List<String> taken = new ArrayList<>();
        for (int seed = 0; seed < 60; seed++) {
            Path tree = tree("tree" + seed);

            AgentReport report = run(kinship, seed, tree);

            if (report.summary().toLowerCase(Locale.ROOT).contains("took ")) {
                assertThat(report.summary()).contains(" from bbbbbbbbbbbb");
                taken.add(String.join("", contents(tree).values()));
            }
        }
        assertThat(taken)
                .hasSizeBetween(10, 50)
                .anyMatch(text -> text.contains("from elsewhere"))
                .anyMatch(text -> text.contains("new\n"));
    }

    @Test
    void a_change_does_not_follow_a_link_out_of_the_tree() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Kinship kinship = (base, other) ->
                List.of(new Kinship.Change("src/x.txt", null, "x"), new Kinship.Change("../x.txt", null, "x"));
        for (int seed = 0; seed < 20; seed++) {
            Path tree = Files.createDirectory(folder.resolve("tree" + seed));
            Files.writeString(tree.resolve("a"), "1\n2\n");
            Files.createSymbolicLink(tree.resolve("src"), outside);

            run(kinship, seed, tree);
        }
        assertThat(outside).isEmptyDirectory();
        assertThat(folder.resolve("x.txt")).doesNotExist();
    }

    @Test
    void a_name_that_no_file_can_have_here_is_passed_over() throws IOException {
        Kinship kinship = (base, other) -> List.of(
                new Kinship.Change("a\0b.txt", null, "new\n"), new Kinship.Change("a\0b.txt", "old\n", "new\n"));
        for (int seed = 0; seed < 20; seed++) {
            Path tree = tree("tree" + seed);

            assertThat(run(kinship, seed, tree).details()).containsKey("edits");
        }
    }

    @Test
    void files_that_elites_changed_are_edited_more_often() throws IOException {
        Path tree = tree("tree");
        long preferred = IntStream.range(0, 200)
                .filter(seed -> run(STRANGERS, seed, tree).details().toString().contains("src/loop.c"))
                .count();
        long other = IntStream.range(0, 200)
                .filter(seed -> run(STRANGERS, seed, tree).details().toString().contains("src/a.txt"))
                .count();

        assertThat(preferred).isGreaterThan(2 * other);
    }

    @Test
    void what_paid_before_is_done_more_often_and_what_did_not_less() throws IOException {
        String deletingPaid =
                "from this base: Deleted a line in src/a.txt. → score 2.0, better than the base's 1.0, kept\n"
                        .repeat(4);
        String deletingFailed =
                "from this base: Deleted a line in src/a.txt. → evaluator crash: exit code 1\n".repeat(4);

        long paid = deletions("paid", deletingPaid);
        long untold = deletions("untold", "");
        long failed = deletions("failed", deletingFailed);

        assertThat(paid).isGreaterThan(untold + 10);
        assertThat(untold).isGreaterThan(failed + 10);
    }

    private long deletions(String name, String past) throws IOException {
        Path tree = tree(name);
        List<PromptSection> context =
                past.isEmpty() ? List.of() : List.of(new PromptSection("What was tried", past, 1));
        return IntStream.range(0, 200)
                .filter(seed -> run(STRANGERS, seed, tree, context)
                        .summary()
                        .toLowerCase(Locale.ROOT)
                        .contains("deleted"))
                .count();
    }

    private AgentReport run(Kinship kinship, long seed, Path tree) {
        return run(kinship, seed, tree, List.of());
    }

    private AgentReport run(Kinship kinship, long seed, Path tree, List<PromptSection> context) {
        AgentRequest request = new AgentRequest(
                AgentRequest.Stage.CODE,
                "6f1c",
                "Goal",
                List.of(),
                List.of(),
                Requests.brief('a', "Base"),
                List.of(Requests.brief('b', "Inspiration")),
                null,
                context,
                null,
                seed,
                Duration.ofMinutes(1));
        return new MutationAgent(kinship).run(request, tree, folder.resolve("scratch"), usage -> {});
    }

    private Path tree(String name) throws IOException {
        Path tree = Files.createDirectory(folder.resolve(name));
        Files.createDirectory(tree.resolve("src"));
        for (Map.Entry<String, String> file : original().entrySet()) {
            Files.writeString(tree.resolve(file.getKey()), file.getValue());
        }
        return tree;
    }

    private static Map<String, String> original() {
        return Map.of("src/a.txt", LINES, "src/loop.c", "int x = 12;\nint y = 3;\n", "README.md", "Prose 1\nProse 2\n");
    }

    private static Map<String, String> contents(Path tree) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                contents.put(tree.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}

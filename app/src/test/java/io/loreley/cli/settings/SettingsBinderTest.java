package io.loreley.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsBinderTest {

    record Garden(
            @Setting(doc = "What it is called.") String name,

            @Setting(doc = "How many.", fallback = "3", min = 1, max = 10, env = "GARDEN_TREES")
            int trees,

            @Setting(doc = "How long.", fallback = "90s", min = 1, max = 3600)
            Duration watering,

            @Setting(doc = "Whether.", fallback = "false") boolean fenced,

            @Setting(doc = "Which.", fallback = "[]", env = "GARDEN_FLOWERS")
            List<String> flowers,

            @Setting(doc = "Where the sun stands.", fallback = "north-east")
            Side side,

            @Setting(doc = "Share.", fallback = "0.5", min = 0, max = 1)
            double shade,

            @Setting(doc = "Maybe.") @Nullable Long owner,
            @Setting(doc = "The pond.") Pond pond) {

        Garden {
            flowers = List.copyOf(flowers);
            if (name.equals("Eden")) {
                throw new IllegalArgumentException("nobody owns Eden");
            }
        }
    }

    record Pond(
            @Setting(doc = "Its depth.", fallback = "2", min = 0)
            long waterDepth,

            @Setting(key = "class", doc = "Its class.", fallback = "b")
            String kind) {}

    enum Side {
        NORTH_EAST,
        SOUTH
    }

    @TempDir
    Path folder;

    @Test
    void defaults_fill_what_the_file_leaves_out() {
        assertThat(bind("name: Kew"))
                .isEqualTo(new Garden(
                        "Kew",
                        3,
                        Duration.ofSeconds(90),
                        false,
                        List.of(),
                        Side.NORTH_EAST,
                        0.5,
                        null,
                        new Pond(2, "b")));
    }

    @Test
    void every_type_is_read_from_the_file() {
        assertThat(bind("""
                name: 1840
                trees: 10
                watering: 1h
                fenced: true
                flowers: [rose, "12", -x]
                side: south
                shade: 1e-1
                owner: 9007199254740993
                pond: {water-depth: 4, class: a}
                """))
                .isEqualTo(new Garden(
                        "1840",
                        10,
                        Duration.ofHours(1),
                        true,
                        List.of("rose", "12", "-x"),
                        Side.SOUTH,
                        0.1,
                        9007199254740993L,
                        new Pond(4, "a")));
    }

    @Test
    void a_blank_value_is_no_value() {
        assertThat(bind("name: Kew\ntrees:\nowner: ''\nflowers:\npond:\n")).isEqualTo(bind("name: Kew"));
    }

    @Test
    void a_flag_beats_the_environment_which_beats_the_file() {
        Map<String, String> environment = Map.of("GARDEN_TREES", "5");
        Map<String, Source> flags = Map.of("trees", new Source("--trees", "6"));

        assertThat(bind("name: Kew\ntrees: 4", Map.of(), environment).trees()).isEqualTo(5);
        assertThat(bind("name: Kew\ntrees: 4", flags, environment).trees()).isEqualTo(6);
        assertThat(bind("name: Kew\ntrees: 4", Map.of(), Map.of("GARDEN_TREES", " "))
                        .trees())
                .isEqualTo(4);
    }

    @Test
    void a_list_in_the_environment_is_written_as_in_the_file() {
        assertThat(bind("name: Kew", Map.of(), Map.of("GARDEN_FLOWERS", "[rose, tulip]"))
                        .flowers())
                .containsExactly("rose", "tulip");
        assertRefused("name: Kew", Map.of("GARDEN_FLOWERS", "rose"), "GARDEN_FLOWERS: flowers: expected a list");
    }

    @Test
    void all_problems_are_told_in_one_go() {
        String content = """
                nmae: Kew
                trees: eleven
                shade: 1.5
                fenced: yes
                pond:
                  water_depth: 3
                  fish: 2
                """;

        assertThat(String.valueOf(refusal(content, Map.of()).getMessage()).lines())
                .containsExactly(
                        "loreley.yaml:1: nmae: unknown key; did you mean name?",
                        "loreley.yaml:1: name: is required (What it is called.)",
                        "loreley.yaml:2: trees: expected a whole number, found 'eleven'",
                        "loreley.yaml:4: fenced: expected true or false, found 'yes'",
                        "loreley.yaml:3: shade: 1.5 is out of range: from 0 to 1",
                        "loreley.yaml:6: pond.water_depth: unknown key; did you mean water-depth?",
                        "loreley.yaml:7: pond.fish: unknown key; known are water-depth, class");
    }

    @Test
    void a_key_in_the_wrong_place_is_told_its_place() {
        assertRefused(
                "name: Kew\nwater-depth: 3",
                Map.of(),
                "loreley.yaml:2: water-depth: unknown key; did you mean pond.water-depth?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trees: 0                     | trees: 0 is out of range: from 1 to 10
            trees: 99999999999           | trees: 99999999999 does not fit
            trees: 2.5                   | trees: expected a whole number, found '2.5'
            trees: [1]                   | trees: expected a whole number, found a list
            shade: .nan                  | shade: expected a number, found '.nan'
            watering: 2 fortnights       | watering: expected a duration such as 90s, 2m or 1h30m, found '2 fortnights'
            watering: 2h                 | watering: 2h is out of range: from 1s to 3600s
            side: west                   | side: expected north-east or south, found 'west'
            flowers: rose                | flowers: expected a list, as [a, b] or one '- item' a line; found 'rose'
            'flowers: [a, {b: c}]'       | flowers: item 2 should be a text, and is a mapping; put it in quotes
            pond: deep                   | pond: expected keys of its own (water-depth, class), found 'deep'
            trees: 1\\ntrees: 2          | trees: is given twice
            """)
    void a_wrong_value_is_refused_with_its_rule(String line, String rule) {
        assertRefused("name: Kew\n" + line.replace("\\n", "\n"), Map.of(), rule);
    }

    @Test
    void a_rule_of_the_record_itself_is_a_problem_too() {
        assertRefused("name: Eden", Map.of(), "loreley.yaml:1: nobody owns Eden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing but a comment\n", "---\n"})
    void an_empty_file_lacks_what_is_required(String content) {
        assertRefused(content, Map.of(), "loreley.yaml: name: is required");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: [a                     | loreley.yaml:1: not YAML
            pond:\\n\\twater-depth: 1     | loreley.yaml:2: not YAML: found character
            just words                   | loreley.yaml: expected keys such as 'goal: …', found 'just words'
            - a list                     | loreley.yaml: expected keys such as 'goal: …', found a list
            """)
    void what_is_not_settings_is_refused_with_its_line(String content, String rule) {
        String text = content.replace("\\n", "\n").replace("\\t", "\t");
        assertThat(refusal(text, Map.of())).hasMessageContaining(rule);
    }

    @Test
    void aliases_are_read_and_never_multiplied() {
        StringBuilder bomb = new StringBuilder("name: Kew\nflowers: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("extra%d: &a%d [%s]%n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
        }
        assertThat(refusal(bomb.toString(), Map.of()).kind()).isEqualTo(FailureKind.CONFIGURATION);
    }

    @Test
    void a_file_that_is_not_text_is_refused() throws IOException {
        Path file = folder.resolve("loreley.yaml");
        Files.write(file, "name: K\u00e9w".getBytes(StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(LoreleyException.class)
                .isThrownBy(() -> new SettingsBinder(Map.of(), Map.of()).bind(Garden.class, file))
                .withMessageContaining("is not UTF-8 text");
    }

    @Test
    void a_huge_file_is_refused_unread() throws IOException {
        Path file = Files.writeString(folder.resolve("loreley.yaml"), "# filler\n".repeat(40_000));

        assertThatExceptionOfType(LoreleyException.class)
                .isThrownBy(() -> new SettingsBinder(Map.of(), Map.of()).bind(Garden.class, file))
                .withMessageContaining("a settings file has at most");
    }

    record Orchard(
            @Setting(doc = "Its ponds.", fallback = "[]") List<Pond> ponds) {}

    @Test
    void a_list_of_records_is_bound_item_by_item() {
        assertThat(orchard("ponds:\n  - water-depth: 4\n  - {class: c}"))
                .isEqualTo(new Orchard(List.of(new Pond(4, "b"), new Pond(2, "c"))));
        assertThat(orchard("ponds: []")).isEqualTo(new Orchard(List.of()));
        assertThat(orchard("")).isEqualTo(new Orchard(List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "'ponds: 3', ponds: expected a list",
        "'ponds: [3]', 'ponds[1]: '",
        "'ponds: [{}, {water-depth: -1}]', ponds[2].water-depth: -1 is out of range",
        "'ponds: [{depth: 1}]', ponds[1].depth: unknown key",
    })
    void a_wrong_item_is_refused_with_its_place(String content, String message) {
        assertThatExceptionOfType(LoreleyException.class)
                .isThrownBy(() -> orchard(content))
                .withMessageContaining(message);
    }

    private Orchard orchard(String content) {
        try {
            Path file = Files.writeString(folder.resolve("orchard.yaml"), content);
            return new SettingsBinder(Map.of(), Map.of()).bind(Orchard.class, file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void the_reference_lists_every_key() {
        assertThat(SettingsReference.markdown(Garden.class))
                .contains("| `name` | What it is called. | a text | **required** |  |")
                .contains("| `trees` | How many. | a whole number, from 1 to 10 | `3` | `GARDEN_TREES` |")
                .contains("| `owner` | Maybe. | a whole number | none |  |")
                .contains("## pond")
                .contains("| `pond.class` | Its class. | a text | `b` |  |");
    }

    private void assertRefused(String content, Map<String, String> environment, String message) {
        assertThat(refusal(content, environment)).hasMessageContaining(message);
    }

    private LoreleyException refusal(String content, Map<String, String> environment) {
        return assertThatExceptionOfType(LoreleyException.class)
                .isThrownBy(() -> bind(content, Map.of(), environment))
                .actual();
    }

    private Garden bind(String content) {
        return bind(content, Map.of(), Map.of());
    }

    private Garden bind(String content, Map<String, Source> flags, Map<String, String> environment) {
        try {
            Path file = Files.writeString(folder.resolve("loreley.yaml"), content);
            return new SettingsBinder(flags, environment).bind(Garden.class, file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

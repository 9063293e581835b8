package io.loreley.agent.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorTest {

    private static final String PROGRAM = """
            int main() {
                int a = 10;
                if (a > 3) {
                    a = a * 2;
                    b = 0.25;
                }
                return a;
            }
            """;

    @ParameterizedTest
    @EnumSource
    void every_operator_changes_a_program_and_repeats_itself(Operator operator) {
        Set<String> results = results(operator, PROGRAM);

        assertThat(results).isNotEmpty().doesNotContain(PROGRAM).isEqualTo(results(operator, PROGRAM));
    }

    @ParameterizedTest
    @EnumSource
    void no_operator_fails_on_any_text(Operator operator) {
        for (String text :
                List.of("", "\n", "   \n\t\n", "x", "}\n}\n", "a\r\nb\r\n", "  a\n b\nc", "1", "é\n1.5.2\n")) {
            for (String result : results(operator, text)) {
                assertThat(Text.of(result).content()).isEqualTo(result);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MOVE", "SWAP"})
    void moving_keeps_all_lines(Operator operator) {
        List<String> sorted = PROGRAM.lines().sorted().toList();

        assertThat(results(operator, PROGRAM))
                .allSatisfy(result -> assertThat(result.lines().sorted()).isEqualTo(sorted));
    }

    @Test
    void blocks_go_as_a_whole() {
        assertThat(results(Operator.DELETE, PROGRAM))
                .contains("int main() {\n    int a = 10;\n    return a;\n}\n")
                .allSatisfy(result -> assertThat(
                                result.chars().filter(c -> c == '{').count())
                        .isEqualTo(result.chars().filter(c -> c == '}').count()));
    }

    @Test
    void siblings_are_swapped_and_never_a_parent_with_its_child() {
        assertThat(results(Operator.SWAP, "a:\n  1x\n  2x\nb:\n  3x\n"))
                .containsExactlyInAnyOrder("b:\n  3x\na:\n  1x\n  2x\n", "a:\n  2x\n  1x\nb:\n  3x\n");
    }

    @Test
    void a_last_line_without_an_end_gets_one_when_it_is_no_longer_last() {
        assertThat(results(Operator.SWAP, "a\nb")).containsExactly("b\na\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x1F", "x1", "1.2.3", "sha1sum", "_7", "v2", "a.5b"})
    void what_is_no_number_is_not_perturbed(String text) {
        assertThat(results(Operator.PERTURB, text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10, \\d+",
        "0, 1",
        "0.25, \\d+\\.\\d+",
        "'f(1e-3);', f\\([-\\d.E+]+\\);",
        "2.5f, \\d+\\.\\d+f",
        "-7, -\\d+"
    })
    void numbers_keep_their_notation(String text, String pattern) {
        assertThat(results(Operator.PERTURB, text))
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result).matches(pattern).isNotEqualTo(text));
    }

    @Test
    void steps_spread_over_orders_of_magnitude() {
        Set<Integer> magnitudes = results(Operator.PERTURB, "1.5").stream()
                .map(result -> new BigDecimal(result).doubleValue() / 1.5 - 1)
                .map(step -> (int) Math.floor(Math.log10(Math.abs(step))))
                .collect(Collectors.toSet());

        assertThat(magnitudes).contains(-1, -2, -3, -4);
    }

    private static Set<String> results(Operator operator, String text) {
        Set<String> results = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Optional<Operator.Edit> edit = operator.apply(Text.of(text), random);
            edit.ifPresent(done -> results.add(done.text().content()));
        }
        return results;
    }
}

package io.loreley.agent.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class CrossoverTest {

    private static final Text ANCESTOR = Text.of("a\nb\nc\nd\ne\nf\ng\n");

    @Test
    void what_both_changed_apart_is_merged_and_ours_is_kept() {
        Text ours = Text.of("new\na\nb\nC\nd\ne\nf\ng\n");
        Text theirs = Text.of("a\nb\nc\nd\nE\nextra\nf\n");

        assertThat(results(ours, theirs))
                .containsExactlyInAnyOrder(
                        "new\na\nb\nC\nd\nE\nextra\nf\ng\n",
                        "new\na\nb\nC\nd\ne\nf\n",
                        "new\na\nb\nC\nd\nE\nextra\nf\n");
    }

    @Test
    void what_touches_our_own_change_is_left_out() {
        Text ours = Text.of("a\nb\nours\nd\ne\nf\ng\n");
        Text theirs = Text.of("a\nb\ntheirs\nd\ne\nf\nG\n");

        assertThat(results(ours, theirs)).containsExactly("a\nb\nours\nd\ne\nf\nG\n");
    }

    @Test
    void nothing_to_take_is_no_edit() {
        assertThat(results(ANCESTOR, ANCESTOR)).isEmpty();
        assertThat(results(Text.of("x\n"), ANCESTOR)).isEmpty();
        assertThat(results(Text.of("a\nX\nc\nd\ne\nf\ng\n"), Text.of("a\nX\nc\nd\ne\nf\ng\n")))
                .isEmpty();
    }

    private static Set<String> results(Text ours, Text theirs) {
        Set<String> results = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Optional<Operator.Edit> edit = Crossover.of(ANCESTOR, ours, theirs, random);
            edit.ifPresent(taken -> results.add(taken.text().content()));
        }
        return results;
    }
}

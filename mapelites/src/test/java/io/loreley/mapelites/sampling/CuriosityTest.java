package io.loreley.mapelites.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class CuriosityTest {

    private final Curiosity<String> curiosity = new Curiosity<>();

    @Test
    void a_base_that_was_never_drawn_is_worth_every_try() {
        assertThat(curiosity.score("new")).isEqualTo(1);
    }

    @Test
    void a_draw_lowers_the_score_until_an_improvement_raises_it() {
        curiosity.drawn("a");
        assertThat(curiosity.score("a")).isEqualTo(0.5);
        curiosity.improved("a");
        assertThat(curiosity.score("a")).isEqualTo(1);
        curiosity.drawn("a");
        assertThat(curiosity.score("a")).isEqualTo(2 / 3.0);
    }

    @Test
    void restored_counts_go_on() {
        curiosity.restore("a", 5, 2);
        curiosity.drawn("a");
        curiosity.improved("a");
        assertThat(curiosity.score("a")).isEqualTo(4 / 7.0);
    }

    @Test
    void more_improvements_than_draws_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> curiosity.restore("a", 1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> curiosity.improved("never drawn"));
    }
}

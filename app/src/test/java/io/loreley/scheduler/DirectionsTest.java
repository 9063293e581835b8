package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.Limits;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DirectionsTest {

    @Test
    void sixteen_seeds_go_sixteen_ways_and_each_hint_can_be_stored() {
        Directions directions = new Directions(List.of(), () -> "");
        List<String> hints = LongStream.range(0, 16).mapToObj(directions::hint).toList();
        assertThat(hints)
                .doesNotHaveDuplicates()
                .allSatisfy(hint ->
                        assertThat(hint).hasSizeLessThanOrEqualTo(Limits.HINT).startsWith("Cold start"));
        assertThat(directions.hint(17)).isEqualTo(hints.get(1));
    }

    @Test
    void the_users_directions_come_first_then_the_planners() {
        String proposal = "Ideas:\n- Use a heap.\n2) Sort once.\n\n* Use a heap.\nThat is all.";
        assertThat(new Directions(List.of("Go up."), () -> proposal).hint(5)).endsWith("Go up.");
        assertThat(Directions.items(proposal)).containsExactly("Use a heap.", "Sort once.");
        assertThat(new Directions(List.of(), () -> proposal).hint(1)).endsWith("Sort once.");
    }

    @Test
    void a_proposal_of_less_than_two_ways_is_none() {
        assertThat(new Directions(List.of(), () -> "- Only this.").hint(0)).doesNotContain("Only this");
        assertThat(new Directions(List.of(), () -> "prose").hint(0)).contains("central algorithm");
    }
}

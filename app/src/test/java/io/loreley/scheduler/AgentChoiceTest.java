package io.loreley.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.Spending;
import io.loreley.store.ArmRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AgentChoiceTest {

    private static final List<String> ARMS = List.of("cheap", "good");

    @Test
    void by_weight_each_is_drawn_as_often_as_its_weight_says() {
        SequencedMap<String, Double> weights = new LinkedHashMap<>();
        weights.put("a", 1.0);
        weights.put("b", 3.0);
        var random = new SplittableRandom(5);
        Map<String, Integer> drawn = new HashMap<>();
        for (int i = 0; i < 8000; i++) {
            drawn.merge(AgentChoice.byWeight(weights, random), 1, Integer::sum);
        }
        assertThat(drawn.get("b")).isBetween(5850, 6150);
    }

    @Test
    void the_same_draw_gives_the_same_agent() {
        SequencedMap<String, Double> weights = new LinkedHashMap<>();
        weights.put("a", 1.0);
        weights.put("b", 1.0);
        for (int seed = 0; seed < 50; seed++) {
            assertThat(AgentChoice.byWeight(weights, new SplittableRandom(seed)))
                    .isEqualTo(AgentChoice.byWeight(weights, new SplittableRandom(seed)));
        }
    }

    @Test
    void each_arm_is_drawn_once_before_any_is_drawn_twice() {
        assertThat(AgentChoice.byPromise(ARMS, List.of())).isEqualTo("cheap");
        assertThat(AgentChoice.byPromise(ARMS, List.of(arm("cheap", 1, 0, 0, 0))))
                .isEqualTo("good");
    }

    @Test
    void jobs_that_are_drawn_together_are_spread() {
        List<ArmRecord> open = List.of(arm("cheap", 3, 0, 0, 0), arm("good", 1, 0, 0, 0));
        assertThat(AgentChoice.byPromise(ARMS, open)).isEqualTo("good");
    }

    @Test
    void with_the_same_success_the_cheaper_one_is_preferred() {
        assertThat(AgentChoice.byPromise(ARMS, List.of(arm("cheap", 50, 50, 20, 5.0), arm("good", 50, 50, 20, 50.0))))
                .isEqualTo("cheap");
    }

    @Test
    void an_unknown_price_is_compared_in_tokens() {
        ArmRecord unpriced = new ArmRecord("cheap", 50, 50, 20, new Spending(50, 50, 9_000_000, 0, 0, 0));
        ArmRecord priced = new ArmRecord("good", 50, 50, 20, new Spending(50, 0, 1_000_000, 0, 0, 50));
        assertThat(AgentChoice.byPromise(ARMS, List.of(unpriced, priced))).isEqualTo("good");
    }

    @Test
    void one_of_which_nothing_is_known_is_not_taken_for_free() {
        ArmRecord unknown = new ArmRecord("cheap", 50, 50, 19, new Spending(50, 50, 0, 0, 0, 0));
        ArmRecord priced = new ArmRecord("good", 50, 50, 20, new Spending(50, 0, 1_000_000, 0, 0, 50));
        assertThat(AgentChoice.byPromise(ARMS, List.of(unknown, priced))).isEqualTo("good");
    }

    /** Twice as good at the same price: after 400 jobs it has had most of them. */
    @Test
    void the_pool_shifts_to_what_pays() {
        Map<String, Long> drawn = simulate(Map.of("cheap", 0.2, "good", 0.6), Map.of("cheap", 1.0, "good", 1.0));
        assertThat(drawn.get("good")).isGreaterThan(280);
        assertThat(drawn.get("cheap")).isGreaterThan(10);
    }

    /** Twice as good at eight times the price does not pay. */
    @Test
    void improvement_is_weighed_against_its_cost() {
        Map<String, Long> drawn = simulate(Map.of("cheap", 0.2, "good", 0.4), Map.of("cheap", 0.5, "good", 4.0));
        assertThat(drawn.get("cheap")).isGreaterThan(300);
    }

    private static Map<String, Long> simulate(Map<String, Double> success, Map<String, Double> cost) {
        var random = new SplittableRandom(17);
        Map<String, ArmRecord> records = new LinkedHashMap<>();
        for (int i = 0; i < 400; i++) {
            String arm = AgentChoice.byPromise(ARMS, List.copyOf(records.values()));
            boolean kept = random.nextDouble() < success.getOrDefault(arm, 0.0);
            UnaryOperator<ArmRecord> one = before -> arm(
                    arm,
                    before.drawn() + 1,
                    before.ended() + 1,
                    before.kept() + (kept ? 1 : 0),
                    before.spent().costUsd() + cost.getOrDefault(arm, 0.0));
            records.compute(arm, (_, before) -> one.apply(before == null ? arm(arm, 0, 0, 0, 0) : before));
        }
        Map<String, Long> drawn = new HashMap<>();
        records.forEach((name, record) -> drawn.put(name, record.drawn()));
        return drawn;
    }

    private static ArmRecord arm(String name, long drawn, long ended, long kept, double cost) {
        return new ArmRecord(name, drawn, ended, kept, new Spending(drawn, 0, 0, 0, 0, cost));
    }
}

package io.loreley.lineage;

import static io.loreley.store.RememberedSearch.commit;
import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Objective;
import io.loreley.domain.Usage;
import io.loreley.lineage.Memory.Recollection;
import io.loreley.store.Lineages;
import io.loreley.store.RememberedSearch;
import io.loreley.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class MemoryIT {

    private static final MemorySettings SETTINGS = new MemorySettings(6, 8, 3, 4, 0.6);
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private final List<Usage> spent = new ArrayList<>();
    private final List<List<String>> asked = new ArrayList<>();
    private RememberedSearch search;

    @BeforeEach
    void open() {
        search = new RememberedSearch(postgres.database(), 1);
    }

    @Test
    void an_inspiration_comes_with_its_way() {
        search.card(0, null, "root", 1.0);
        search.card(1, 0, "shared", 1.5);
        search.card(2, 1, "base", 2.0);
        search.card(3, 1, "unrolled the loop", 2.5);
        search.card(4, 3, "removed a copy", null);

        List<Recollection> told =
                memory(null).trajectories(search.experiment(), commit(2), List.of(commit(4), commit(1)), spent::add);

        assertThat(told).singleElement().satisfies(way -> {
            assertThat(way.title())
                    .contains(commit(4).abbreviated())
                    .contains(commit(1).abbreviated());
            assertThat(way.text())
                    .isEqualTo("%s (2.5): unrolled the loop\n%s: removed a copy"
                            .formatted(commit(3).abbreviated(), commit(4).abbreviated()));
        });
    }

    @Test
    void lineages_of_two_experiments_do_not_mix() {
        var other = new RememberedSearch(postgres.database(), 2);
        search.card(0, null, "root", null);
        search.card(1, 0, "mine", null);
        other.card(0, null, "root", null);
        other.card(1, 5, "theirs", null);

        assertThat(memory(null).trajectories(search.experiment(), commit(0), List.of(commit(1)), spent::add))
                .singleElement()
                .satisfies(way -> assertThat(way.text()).endsWith("mine"));
        assertThat(memory(null).trajectories(other.experiment(), commit(0), List.of(commit(1)), spent::add))
                .isEmpty();
    }

    @Test
    void a_model_writes_a_summary_once_and_what_it_cost_is_told() {
        chain(40);
        Memory memory = memory(summarizer("model-a/1", new AtomicBoolean()));

        String first = way(memory, 40);
        String second = way(memory, 40);

        assertThat(first).contains("a summary of 8 steps").isEqualTo(second);
        assertThat(asked).hasSize(3);
        assertThat(spent).hasSize(3);
        // commits with the same past share its summaries
        search.card(100, 38, "aside", 1.0);
        way(memory, 100);
        assertThat(asked).hasSize(3);
        // another model or prompt writes its own
        way(memory(summarizer("model-b/1", new AtomicBoolean())), 40);
        assertThat(asked).hasSize(6);
    }

    @Test
    void while_the_model_fails_the_first_words_of_each_step_serve_and_it_is_not_asked_again_at_once() {
        chain(40);
        AtomicBoolean broken = new AtomicBoolean(true);
        Memory memory = memory(summarizer("model-a/1", broken));

        assertThat(way(memory, 40)).contains("step 1 | step 2");
        assertThat(asked).hasSize(1);
        broken.set(false);
        assertThat(way(memory, 40)).contains("step 1 | step 2");
        assertThat(asked).hasSize(1);
        // nothing of it was kept
        assertThat(way(memory(summarizer("model-a/1", broken)), 40)).contains("a summary");
    }

    @Test
    void lessons_tell_what_was_tried_and_why_it_fell_short() {
        search.card(0, null, "root", 1.0);
        search.card(1, 0, "other base", 3.0);
        search.failed(0, "main", "Unroll the loop", FailureKind.EVALUATOR_CRASH, "exit code 1\nTypeError: bad operand");
        search.succeeded(0, "main", "Sort first", 10, 0.5, "12 of 40 cases failed");
        search.succeeded(0, "main", "Cache results", 11, 1.5, "all passed");
        search.failed(1, "main", "Use threads", FailureKind.EVALUATOR_TIMEOUT, "no result after 60 s");
        search.failed(0, "main", "Never tried", FailureKind.AGENT_RATE_LIMIT, "429");
        search.failed(1, "far-away", "Elsewhere", FailureKind.NO_CHANGE, "nothing");

        Recollection told =
                memory(null).lessons(search.experiment(), commit(0), "main").orElseThrow();

        assertThat(told.text().lines())
                .containsExactly(
                        "from this base: Cache results → score 1.5, better than the base's 1.0, not kept",
                        "from this base: Sort first → score 0.5, worse than the base's 1.0, not kept; 12 of 40 cases failed",
                        "from this base: Unroll the loop → evaluator crash: exit code 1 TypeError: bad operand",
                        "elsewhere: Use threads → evaluator timeout: no result after 60 s");
    }

    @Test
    void lessons_are_bounded() {
        search.card(0, null, "root", 1.0);
        for (int i = 0; i < 20; i++) {
            search.failed(0, "main", i + "long plan ".repeat(300), FailureKind.EVALUATOR_CRASH, "error ".repeat(3000));
        }
        String text = memory(null)
                .lessons(search.experiment(), commit(0), "main")
                .orElseThrow()
                .text();
        assertThat(text.lines())
                .hasSize(SETTINGS.attempts())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(700));
    }

    @Test
    void a_plan_that_repeats_a_dead_end_is_recognised() {
        search.card(0, null, "root", 1.0);
        search.card(1, 0, "other base", 3.0);
        String plan = "Replace the nested loop in findPairs with a hash map lookup";
        search.failed(1, "main", plan, FailureKind.EVALUATOR_CRASH, "out of memory");
        assertThat(repeated(plan)).isEmpty();
        search.failed(0, "main", plan, FailureKind.EVALUATOR_CRASH, "out of memory");
        search.succeeded(0, "main", "Sort the input and use two pointers", 10, 2.0, null);

        assertThat(repeated("Replace nested loops of findPairs by a hash map lookup"))
                .hasValueSatisfying(words -> assertThat(words).contains("out of memory"));
        assertThat(repeated("Sort the input and use two pointers")).isEmpty();
        assertThat(repeated("Split the input and join the parts in parallel")).isEmpty();
    }

    @Test
    void without_a_memory_nothing_is_told() {
        search.card(0, null, "root", 1.0);
        search.card(1, 0, "one", 1.0);
        search.failed(0, "main", "Unroll", FailureKind.NO_CHANGE, "nothing");
        Memory off = new Memory(MemorySettings.OFF, objective(), new Lineages(postgres.database()), null, () -> NOON);

        assertThat(off.lessons(search.experiment(), commit(0), "main")).isEmpty();
        assertThat(off.repeated(search.experiment(), commit(0), "main", "Unroll"))
                .isEmpty();
        assertThat(off.trajectories(search.experiment(), commit(0), List.of(commit(1)), spent::add))
                .isEmpty();
    }

    private Optional<String> repeated(String plan) {
        return memory(null).repeated(search.experiment(), commit(0), "main", plan);
    }

    private void chain(int length) {
        search.card(0, null, "root", 0.0);
        for (int i = 1; i <= length; i++) {
            search.card(i, i - 1, "step " + i, (double) i);
        }
    }

    private String way(Memory memory, int inspiration) {
        return memory.trajectories(search.experiment(), commit(0), List.of(commit(inspiration)), spent::add)
                .getFirst()
                .text();
    }

    private Memory memory(@Nullable Summarizer summarizer) {
        return new Memory(SETTINGS, objective(), new Lineages(postgres.database()), summarizer, () -> NOON);
    }

    private static Objective objective() {
        return new Objective("score", Direction.MAXIMIZE);
    }

    private Summarizer summarizer(String name, AtomicBoolean broken) {
        return new Summarizer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Summary summarize(List<String> steps, int limit, Consumer<Usage> meter) {
                asked.add(steps);
                if (broken.get()) {
                    return new Summary.Missing(Duration.ofMinutes(5));
                }
                meter.accept(new Usage("m", 100, 0, 10, null));
                return new Summary.Written("a summary\nof %d steps".formatted(steps.size()));
            }
        };
    }
}

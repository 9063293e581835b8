package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.CommitCard;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Metric;
import io.loreley.domain.Repository;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ExperimentsIT {

    private static final String SLUG = "example.org/a";

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private Experiments experiments;

    @BeforeEach
    void open() {
        experiments = new Experiments(postgres.database());
    }

    @Test
    void racing_creators_of_a_repository_get_one_row() throws Exception {
        int creators = 8;
        var start = new CyclicBarrier(creators);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<UUID> creator = () -> {
                start.await();
                return experiments.repository(SLUG, null, "/a", Map.of()).id();
            };
            var ids = threads.invokeAll(
                    Stream.generate(() -> creator).limit(creators).toList());
            for (var id : ids) {
                assertThat(id.get()).isEqualTo(ids.getFirst().get());
            }
        }
    }

    @Test
    void two_machines_do_not_take_turns_on_a_repository() {
        experiments.repository(SLUG, "https://example.org/a", "/home/ann/a", Map.of("root_path", "/home/ann/a"));
        Repository other = experiments.repository(
                SLUG, "https://example.org/a", "/home/bob/a", Map.of("root_path", "/home/bob/a"));
        Repository again = experiments.repository(
                SLUG, "https://example.org/a", "/home/ann/a", Map.of("root_path", "/home/ann/a"));

        assertThat(other.rootPath()).isEqualTo("/home/ann/a");
        assertThat(other.extra()).containsEntry("root_path", "/home/ann/a");
        assertThat(again.updatedAt()).isEqualTo(other.updatedAt());
    }

    @Test
    void a_repository_keeps_the_address_it_was_first_seen_under_and_learns_of_new_remotes() {
        Map<String, String> origin = Map.of("name", "origin", "url", "https://example.org/a");
        Map<String, String> fork = Map.of("name", "fork", "url", "https://example.org/b");
        experiments.repository(SLUG, "https://example.org/a", "/a", Map.of("remotes", List.of(origin)));
        Map<String, Object> others =
                Map.of("remotes", List.of(fork, Map.of("name", "origin", "url", "ssh://example.org/a")));

        Repository known = experiments.repository(SLUG, "ssh://example.org/a", "/a", others);

        assertThat(known.remoteUrl()).isEqualTo("https://example.org/a");
        assertThat(known.extra()).isEqualTo(Map.of("remotes", List.of(origin, fork)));
        assertThat(experiments
                        .repository(SLUG, "ssh://example.org/a", "/a", others)
                        .updatedAt())
                .isEqualTo(known.updatedAt());
    }

    @Test
    void what_is_learned_of_a_repository_later_is_added() {
        experiments.repository(SLUG, null, "/a", Map.of("a", 1));

        Repository known = experiments.repository(SLUG, "https://example.org/a", null, Map.of("b", List.of(2)));

        assertThat(known.remoteUrl()).isEqualTo("https://example.org/a");
        assertThat(known.rootPath()).isEqualTo("/a");
        assertThat(known.extra()).isEqualTo(Map.of("a", 1, "b", List.of(2)));
    }

    @Test
    void experiments_are_found_by_name_and_id_and_listed_newest_first() {
        Repository repository = experiments.repository(SLUG, null, "/a", Map.of());
        experiments.create(Rows.experiment(repository, 1));
        experiments.create(Rows.experiment(repository, 2));

        ExperimentId second = new ExperimentId(new UUID(2, 2));
        assertThat(experiments.named(repository, "experiment-2"))
                .map(Experiment::id)
                .hasValue(second);
        assertThat(experiments.find(second).map(found -> found.repository().slug()))
                .hasValue(SLUG);
        assertThat(experiments.named(repository, "experiment-3")).isEmpty();
        assertThat(experiments.all(repository))
                .extracting(Experiment::name)
                .containsExactly("experiment-2", "experiment-1");
    }

    @Test
    void a_project_is_about_the_experiment_that_was_opened_last() {
        Repository repository = experiments.repository(SLUG, null, "/a", Map.of());
        Experiment first = experiment(repository, 1, "a".repeat(64), "sort");
        Experiment second = new Experiment(
                new ExperimentId(new UUID(2, 2)), repository, "b".repeat(64), "sort-2", "sort", Map.of(), "active");
        experiments.create(first);
        experiments.create(second);
        experiments.create(experiment(repository, 3, "c".repeat(64), "sort-3"));
        Catalogue catalogue = new Catalogue(postgres.database());

        experiments.opened(second);
        assertThat(catalogue.ofProject(SLUG, "sort")).map(Catalogue.Entry::name).hasValue("sort-2");

        experiments.opened(first);
        assertThat(catalogue.ofProject(SLUG, "sort")).map(Catalogue.Entry::name).hasValue("sort");
        assertThat(experiments.ofProject(repository, "sort"))
                .extracting(Experiment::name)
                .containsExactly("sort", "sort-2");
        assertThat(catalogue.ofProject(SLUG, "other")).isEmpty();
    }

    @Test
    void an_experiment_that_is_scheduled_takes_no_other_settings() {
        Repository repository = experiments.repository(SLUG, null, "/a", Map.of());
        Experiment experiment = experiment(repository, 1, "a".repeat(64), "sort");
        experiments.create(experiment);

        try (ExperimentLock _ =
                ExperimentLock.tryAcquire(postgres.database(), experiment.id()).orElseThrow()) {
            assertThat(experiments.redefine(experiment, "b".repeat(64), Map.of()))
                    .isFalse();
        }

        assertThat(experiments.redefine(experiment, "b".repeat(64), Map.of())).isTrue();
    }

    @Test
    void one_configuration_is_one_experiment_and_so_is_one_name() {
        Repository repository = experiments.repository(SLUG, null, "/a", Map.of());
        experiments.create(experiment(repository, 1, "a".repeat(64), "one"));

        assertThatThrownBy(() -> experiments.create(experiment(repository, 2, "a".repeat(64), "two")))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("uq_experiments_repo_config");
        assertThatThrownBy(() -> experiments.create(experiment(repository, 2, "b".repeat(64), "one")))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("uq_experiments_repo_name");
    }

    private static Experiment experiment(Repository repository, int number, String hash, String name) {
        return new Experiment(new ExperimentId(new UUID(2, number)), repository, hash, name, Map.of(), "active");
    }

    @Test
    void cards_come_with_their_metrics_and_without_those_that_do_not_exist() {
        StoredSearch search = new StoredSearch(postgres.database());
        search.succeeded(1);
        search.succeeded(2);

        List<CommitCard> cards =
                experiments.cards(search.experiment.id(), List.of(Rows.commit(1), Rows.commit(2), Rows.commit(3)));

        assertThat(cards).extracting(CommitCard::commit).containsExactlyInAnyOrder(Rows.commit(1), Rows.commit(2));
        assertThat(cards)
                .allSatisfy(card -> assertThat(card.metrics())
                        .extracting(Metric::measurement)
                        .extracting("name")
                        .containsExactlyInAnyOrder("score", "seconds"));
        assertThatThrownBy(() -> experiments.card(search.experiment.id(), Rows.commit(3)))
                .isInstanceOf(LoreleyException.class)
                .hasMessageContaining("has no card");
    }

    @Test
    void the_same_commit_has_a_card_in_each_experiment() {
        StoredSearch first = new StoredSearch(postgres.database(), 1);
        first.succeeded(1);
        StoredSearch second = new StoredSearch(postgres.database(), 2);

        assertThat(experiments.cards(second.experiment.id(), List.of(Rows.commit(1))))
                .isEmpty();
        assertThat(experiments.cards(first.experiment.id(), List.of(Rows.commit(1))))
                .hasSize(1);
    }
}

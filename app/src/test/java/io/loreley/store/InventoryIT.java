package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.Repository;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InventoryIT {

    @RegisterExtension
    private final TestDatabase postgres = new TestDatabase();

    @Test
    void an_experiment_is_listed_with_its_repository() {
        Experiment experiment = experiment("first");

        assertThat(Inventory.of(postgres.database()).experiments())
                .extracting(
                        Inventory.ExperimentLine::id,
                        Inventory.ExperimentLine::name,
                        Inventory.ExperimentLine::repository)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(experiment.id(), "first", "example.org/sample"));
    }

    @Test
    void everything_is_deleted_once_and_deleting_nothing_is_fine() {
        experiment("first");

        Inventory.deleteEverything(postgres.database());
        Inventory.deleteEverything(postgres.database());

        assertThat(Inventory.of(postgres.database()).experiments()).isEmpty();
    }

    @Test
    void nothing_is_deleted_under_a_run() {
        Experiment experiment = experiment("first");

        try (ExperimentLock ignored =
                ExperimentLock.tryAcquire(postgres.database(), experiment.id()).orElseThrow()) {
            assertThat(ignored).isNotNull();
            assertThatThrownBy(() -> Inventory.deleteEverything(postgres.database()))
                    .hasMessageContaining("running");
        }

        assertThat(Inventory.of(postgres.database()).experiments()).hasSize(1);
    }

    private Experiment experiment(String name) {
        Experiments experiments = new Experiments(postgres.database());
        Repository repository = experiments.repository("example.org/sample", null, null, Map.of());
        Experiment experiment = new Experiment(
                new ExperimentId(UUID.randomUUID()), repository, "0".repeat(64), name, Map.of(), "active");
        experiments.create(experiment);
        return experiment;
    }
}

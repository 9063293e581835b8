package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LiveUsersIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @Test
    void a_run_and_the_connections_of_other_processes_are_seen() {
        StoredSearch search = new StoredSearch(postgres.database());

        assertThat(LiveUsers.of(postgres.url()).runs()).isEmpty();
        try (ExperimentLock ignored = ExperimentLock.tryAcquire(postgres.database(), search.experiment.id())
                .orElseThrow()) {
            assertThat(ignored).isNotNull();
            assertThat(LiveUsers.of(postgres.url()).runs()).containsExactly("experiment-1");
        }
        assertThat(LiveUsers.of(postgres.url()).runs()).isEmpty();
        assertThat(LiveUsers.of(postgres.url()).sessions()).isPositive();
    }

    @Test
    void a_database_without_a_table_has_no_run() {
        DatabaseUrl empty = TestDatabase.empty();

        assertThat(LiveUsers.of(empty).runs()).isEmpty();
        TestDatabase.drop(empty);
    }
}

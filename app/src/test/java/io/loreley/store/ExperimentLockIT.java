package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentLockIT {

    private static final ExperimentId FIRST = new ExperimentId(new UUID(2, 1));
    private static final ExperimentId SECOND = new ExperimentId(new UUID(2, 2));

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @ParameterizedTest
    @CsvSource({
        "00000000-0000-0000-0000-000000000000, 3983162290893594069",
        "123e4567-e89b-12d3-a456-426614174000, 2334477775755812022",
    })
    void the_key_of_an_experiment_is_the_one_that_the_python_system_takes(String id, long key) {
        assertThat(ExperimentLock.key(ExperimentId.parse(id))).isEqualTo(key);
    }

    @Test
    void a_second_holder_is_refused_until_the_first_lets_go() {
        Database database = postgres.database();
        try (ExperimentLock lock = ExperimentLock.tryAcquire(database, FIRST).orElseThrow()) {
            lock.verify();
            assertThat(ExperimentLock.tryAcquire(database, FIRST)).isEmpty();
        }
        assertThat(ExperimentLock.tryAcquire(database, FIRST)).hasValueSatisfying(ExperimentLock::close);
    }

    @Test
    void experiments_do_not_lock_each_other() {
        Database database = postgres.database();
        try (ExperimentLock first = ExperimentLock.tryAcquire(database, FIRST).orElseThrow();
                ExperimentLock second =
                        ExperimentLock.tryAcquire(database, SECOND).orElseThrow()) {
            first.verify();
            second.verify();
        }
    }

    @Test
    void a_lock_is_lost_with_its_connection_and_says_so() {
        Database database = postgres.database();
        try (ExperimentLock lock = ExperimentLock.tryAcquire(database, FIRST).orElseThrow()) {
            new StoredSearch(database)
                    .execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

            assertThatThrownBy(lock::verify)
                    .isInstanceOfSatisfying(
                            LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATABASE))
                    .hasMessageContaining("the connection that held the experiment's lock is gone");
            assertThat(ExperimentLock.tryAcquire(database, FIRST)).hasValueSatisfying(ExperimentLock::close);
        }
    }

    @Test
    void a_lock_that_was_let_go_of_by_mistake_is_noticed() {
        Database database = postgres.database();
        ExperimentLock lock = ExperimentLock.tryAcquire(database, FIRST).orElseThrow();
        lock.close();

        assertThatThrownBy(lock::verify).isInstanceOf(LoreleyException.class);
    }

    @Test
    void a_holder_that_stopped_beating_is_overtaken_and_can_write_nothing() {
        Database database = postgres.database();
        StoredSearch search = new StoredSearch(database);
        try (ExperimentLock stopped =
                ExperimentLock.tryAcquire(database, FIRST, "stopped").orElseThrow()) {
            Database fenced = stopped.fenced();
            assertThat(fenced.<String>transaction(session -> "written")).isEqualTo("written");
            search.execute("UPDATE scheduler_leases SET renewed_at = now() - interval '11 seconds'");

            try (ExperimentLock next =
                    ExperimentLock.tryAcquire(database, FIRST, "next").orElseThrow()) {
                next.verify();
                assertThatThrownBy(() -> fenced.transaction(session -> "written"))
                        .isInstanceOf(TakenOverException.class);
                assertThatThrownBy(() -> Sql.transaction(fenced, connection -> "written"))
                        .as("in plain SQL")
                        .isInstanceOf(TakenOverException.class);
                assertThatThrownBy(stopped::verify).isInstanceOf(DatabaseUnavailableException.class);
                assertThatThrownBy(stopped::renew).isInstanceOf(TakenOverException.class);
            }
        }
    }

    /** Or a holder that is stopped in the middle of one would keep the next one waiting for as long as it is. */
    @Test
    void the_server_ends_a_holders_transaction_in_which_nothing_is_said() {
        Database database = postgres.database();
        String asked = "SHOW idle_in_transaction_session_timeout";
        try (ExperimentLock lock =
                ExperimentLock.tryAcquire(database, FIRST, "holder").orElseThrow()) {
            assertThat(lock.fenced()
                            .<String>transaction(session -> session.createNativeQuery(asked, String.class)
                                    .getSingleResult()))
                    .isEqualTo("10s");
            assertThat(database.<String>transaction(session ->
                            session.createNativeQuery(asked, String.class).getSingleResult()))
                    .as("of every other transaction")
                    .isEqualTo("20s");
        }
    }

    @Test
    void a_holder_whose_connection_only_the_server_still_has_takes_it_from_itself() throws IOException {
        try (Relay relay = new Relay(postgres.url());
                Database database = Database.open(relay.url());
                ExperimentLock lock =
                        ExperimentLock.tryAcquire(database, FIRST, "holder").orElseThrow()) {
            relay.cutClients();
            assertThatThrownBy(lock::verify).isInstanceOf(DatabaseUnavailableException.class);
            assertThat(ExperimentLock.tryAcquire(postgres.database(), FIRST, "another"))
                    .as("the server still has the lock")
                    .isEmpty();

            lock.renew();

            lock.verify();
            assertThat(lock.fenced().<String>transaction(session -> "written")).isEqualTo("written");
        }
    }

    @Test
    void a_takeover_waits_for_the_writes_of_the_one_before() throws Exception {
        Database database = postgres.database();
        new StoredSearch(database);
        ExperimentLock first =
                ExperimentLock.tryAcquire(database, FIRST, "first").orElseThrow();
        var writing = new java.util.concurrent.CountDownLatch(1);
        var goOn = new java.util.concurrent.CountDownLatch(1);
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            var write = threads.submit(() -> first.fenced().transaction(session -> {
                writing.countDown();
                try {
                    return goOn.await(20, java.util.concurrent.TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            writing.await();
            first.close();
            var next = threads.submit(() -> ExperimentLock.tryAcquire(database, FIRST, "next"));
            assertThat(next.isDone()).isFalse();
            goOn.countDown();
            assertThat(write.get()).isTrue();
            assertThat(next.get()).hasValueSatisfying(ExperimentLock::close);
        }
    }
}

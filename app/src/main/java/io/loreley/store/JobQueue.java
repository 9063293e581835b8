package io.loreley.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.Priority;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one experiment's jobs: db-scheduler on the same database. An entry is written in the transaction that
 * queues its job, held under heartbeat by the worker that picked it, and removed when the job was handled. Whoever holds
 * an entry is the only one that does.
 */
public final class JobQueue {

    private static final Duration POLL = Duration.ofMillis(500);
    /** Heartbeats missed before a worker counts as dead. */
    private static final int MISSED_HEARTBEATS = 5;

    /** How long handlers may take to come back once what they wait for is ended. */
    private static final Duration UNWIND = Duration.ofSeconds(5);
    /** Whoever has not come back after that is interrupted. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration RETRY_AFTER_ERROR = Duration.ofSeconds(5);
    /** db-scheduler deletes entries whose task it does not know; those of other experiments must stay for ever. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    /** The share of its slots that a worker has busy when it looks for more at once, not only at the next poll. */
    private static final double FETCH_BELOW = 0.5;

    private static final PostgreSqlJdbcCustomization DIALECT = new PostgreSqlJdbcCustomization(false, true);

    private final String taskName;
    private final InstantSource clock;

    public JobQueue(ExperimentId experiment, InstantSource clock) {
        this.taskName = taskName(experiment);
        this.clock = clock;
    }

    /** What the entries of an experiment's jobs are called. */
    static String taskName(ExperimentId experiment) {
        return "evolve/" + experiment;
    }

    /** What a worker does with the entries of the queue. */
    public interface Consumer {

        /**
         * Handles a job to its end. An exception leaves the entry in the queue, to be tried again shortly.
         *
         * @return whether the job is done with, or back in the queue
         */
        Handled handle(JobId job);

        /**
         * The heartbeat of the entry's holder stopped.
         *
         * @return false if the holder is this very consumer, alive, and only its heartbeats did not get through
         */
        boolean lost(JobId job, Entry entry);
    }

    /**
     * An entry of the queue, as it was seen.
     *
     * @param holder who had picked it
     * @param version another one whenever it is picked or freed
     */
    public record Entry(String holder, long version) {}

    /** What becomes of an entry. */
    public sealed interface Handled {

        /** Nobody needs it any more: it is removed if it is still there. */
        Handled DONE = new Done();

        /** It is gone: its job took it along in the transaction that ended it. */
        Handled ENDED = new Ended();

        /** Anybody may pick it, at once. */
        Handled RETURNED = new Returned(Duration.ZERO);

        record Done() implements Handled {}

        record Ended() implements Handled {}

        /** Anybody may pick it after a pause. */
        record Returned(Duration pause) implements Handled {}
    }

    /** Makes an entry, due at once, for each of these jobs that has none. */
    void enqueue(StatelessSession session, Collection<UUID> jobs) {
        session.doWork(connection -> Sql.update(
                connection,
                """
                INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority)
                SELECT ?, job::text, ?, false, 1, ? FROM unnest(?) AS job ON CONFLICT DO NOTHING""",
                taskName,
                clock.instant().atOffset(ZoneOffset.UTC),
                Priority.MEDIUM,
                jobs.toArray(UUID[]::new)));
    }

    /** Takes the entries of jobs away, in the transaction that ends them: one less to wait for, and never one without the other. */
    void remove(StatelessSession session, Collection<JobId> jobs) {
        session.doWork(connection -> Sql.update(
                connection,
                "DELETE FROM scheduled_tasks WHERE task_name = ? AND task_instance = ANY (?)",
                taskName,
                jobs.stream().map(JobId::toString).toArray(String[]::new)));
    }

    /** Whether a job's entry is still the one that was seen. */
    boolean isStill(Connection connection, JobId job, Entry entry) throws SQLException {
        return Sql.exists(
                connection,
                "SELECT FROM scheduled_tasks WHERE task_name = ? AND task_instance = ? AND version = ?",
                taskName,
                job.toString(),
                entry.version());
    }

    /** Of a job that had ended before it was picked, or was cancelled. */
    private static void removeIfThere(Database database, Execution held) {
        database.transaction(session -> session.doReturningWork(connection -> Sql.update(
                connection,
                "DELETE FROM scheduled_tasks WHERE task_name = ? AND task_instance = ? AND version = ?",
                held.getTaskName(),
                held.getId(),
                held.version)));
    }

    /**
     * Frees entries whose holder is known to be dead, without waiting for its heartbeat to run out.
     *
     * @param deadHolders matches names of workers that cannot be alive any more
     * @return the names of the dead
     */
    public Set<String> release(Database database, Predicate<String> deadHolders, Consumer consumer) {
        List<Held> dead = Sql.ask(database, this::held).stream()
                .filter(entry -> deadHolders.test(entry.holder()))
                .toList();
        for (Held entry : dead) {
            if (consumer.lost(JobId.parse(entry.instance()), new Entry(entry.holder(), entry.version()))) {
                database.transaction(session -> {
                    session.doWork(connection -> free(connection, entry));
                    return null;
                });
            }
        }
        return dead.stream().map(Held::holder).collect(Collectors.toSet());
    }

    /**
     * Starts picking entries, each handled on a virtual thread of its own.
     *
     * @param worker names the holder of entries; at most 50 characters
     * @param slots how many are handled at once
     * @param heartbeat how often the holder says that it lives; after five that fail to come, its entries are another's
     */
    public Running consume(Database database, String worker, int slots, Duration heartbeat, Consumer consumer) {
        Contact contact = new Contact(clock, heartbeat, heartbeat.multipliedBy(MISSED_HEARTBEATS));
        Task<Void> task = Tasks.custom(taskName, Void.class)
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, clock.instant().plus(RETRY_AFTER_ERROR)))
                .onDeadExecution((complete, operations) -> {
                    Execution dead = complete.getExecution();
                    if (contact.mayBury()
                            && consumer.lost(JobId.parse(dead.getId()), new Entry(dead.pickedBy, dead.version))) {
                        operations.reschedule(complete, clock.instant());
                    }
                })
                .execute((instance, context) -> switch (consumer.handle(JobId.parse(instance.getId()))) {
                    case Handled.Done() -> (complete, operations) -> removeIfThere(database, complete.getExecution());
                    case Handled.Ended() -> (complete, operations) -> {};
                    case Handled.Returned(var pause) ->
                        (complete, operations) ->
                                operations.reschedule(complete, clock.instant().plus(pause));
                });
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("job-", 0).factory());
        Scheduler scheduler = Scheduler.create(database.dataSource(), task)
                .clock(clock::instant)
                .schedulerName(new SchedulerName.Fixed(worker))
                .threads(slots)
                .executorService(threads)
                .pollUsingLockAndFetch(FETCH_BELOW, 1.0)
                .pollingInterval(POLL)
                .heartbeatInterval(heartbeat)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .deleteUnresolvedAfter(NEVER)
                .shutdownMaxWait(LAST_WAIT)
                .serializer(NoData.INSTANCE)
                .jdbcCustomization(DIALECT)
                .addSchedulerListener(contact)
                .enablePriority()
                .build();
        scheduler.start();
        return new Running(scheduler);
    }

    private List<Held> held(Connection connection) throws SQLException {
        return Sql.rows(
                connection,
                row -> new Held(row.getString(1), row.getString(2), row.getLong(3)),
                "SELECT task_instance, picked_by, version FROM scheduled_tasks WHERE task_name = ? AND picked",
                taskName);
    }

    private void free(Connection connection, Held entry) throws SQLException {
        Sql.update(connection, """
                UPDATE scheduled_tasks SET picked = false, picked_by = NULL, last_heartbeat = NULL, version = version + 1
                WHERE task_name = ? AND task_instance = ? AND version = ?""", taskName, entry.instance(), entry.version());
    }

    private record Held(String instance, String holder, long version) {}

    /** A consumer at work. */
    public static final class Running implements AutoCloseable {

        private final Scheduler scheduler;
        private boolean paused;

        private Running(Scheduler scheduler) {
            this.scheduler = scheduler;
        }

        /** Looks for entries now rather than at the next poll. */
        public void wake() {
            scheduler.triggerCheckForDueExecutions();
        }

        /** Picks no more entries, for good; those at work go on. */
        public synchronized void pause() {
            paused = true;
            scheduler.pause();
        }

        /** Picks no more entries until {@link #resume}; those at work go on. */
        public synchronized void hold() {
            scheduler.pause();
        }

        /** Takes {@link #hold} back. */
        public synchronized void resume() {
            if (!paused) {
                scheduler.resume();
            }
        }

        /**
         * Picks no more, lets jobs at work finish within the soft limit, ends what the others wait for, and stops
         * heartbeats last. Their threads are interrupted only if that does not bring them back: an interrupt closes the
         * database connection under a virtual thread. An interrupt of the caller ends the soft limit.
         *
         * @param endWork ends what handlers wait for at that moment; called until the last has come back
         */
        public void stop(Duration softLimit, Runnable endWork) {
            pause();
            long begun = System.nanoTime();
            long soft = softLimit.toNanos();
            boolean interrupted = false;
            while (!scheduler.getCurrentlyExecuting().isEmpty()
                    && System.nanoTime() - begun < soft + UNWIND.toNanos()) {
                if (System.nanoTime() - begun >= soft) {
                    endWork.run();
                }
                try {
                    Thread.sleep(LOOK_AGAIN);
                } catch (InterruptedException e) {
                    interrupted = true;
                    soft = Math.min(soft, System.nanoTime() - begun);
                }
            }
            close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** Picks no more, and gives what is at work a moment. */
        @Override
        public void close() {
            if (!scheduler.getSchedulerState().isShuttingDown()) {
                scheduler.stop();
            }
        }
    }

    /** Entries carry no data: the job's row is the record of truth. */
    private enum NoData implements Serializer {
        INSTANCE;

        @Override
        public byte[] serialize(@Nullable Object data) {
            return new byte[0];
        }

        @Override
        public <T> @Nullable T deserialize(Class<T> type, byte[] data) {
            return null;
        }
    }
}

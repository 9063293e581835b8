package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.JobId;
import io.loreley.store.JobQueue.Handled;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JobQueueIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private StoredSearch search;
    private JobQueue queue;
    private Jobs jobs;

    @BeforeEach
    void open() {
        search = new StoredSearch(postgres.database());
        queue = new JobQueue(search.experiment.id(), InstantSource.system());
        jobs = new Jobs(search.database, queue, InstantSource.system());
    }

    @Test
    void an_entry_is_handled_once_and_removed() throws InterruptedException {
        JobId job = queued(1);
        Recorder recorder = new Recorder(picked -> Handled.DONE);

        try (var running = consume(recorder)) {
            running.wake();
            assertThat(recorder.next(recorder.handled)).isEqualTo(job);
        }

        assertThat(recorder.handled).isEmpty();
        assertThat(entries()).isEqualTo("0");
    }

    @Test
    void a_returned_entry_is_picked_again() throws InterruptedException {
        JobId job = queued(1);
        var answers = new LinkedBlockingQueue<>(Set.of(Handled.RETURNED));
        Recorder recorder = new Recorder(picked -> answers.isEmpty() ? Handled.DONE : answers.remove());

        try (var running = consume(recorder)) {
            running.wake();
            assertThat(recorder.next(recorder.handled)).isEqualTo(job);
            assertThat(recorder.next(recorder.handled)).isEqualTo(job);
        }

        assertThat(entries()).isEqualTo("0");
    }

    @Test
    void an_entry_whose_handling_failed_stays() throws InterruptedException {
        queued(1);
        Recorder recorder = new Recorder(picked -> {
            throw new IllegalStateException("the database blinked");
        });

        try (var running = consume(recorder)) {
            running.wake();
            recorder.next(recorder.handled);
        }

        assertThat(search.value("SELECT concat(picked, ' ', execution_time > now()) FROM scheduled_tasks"))
                .isEqualTo("f t");
    }

    @Test
    void entries_of_other_experiments_are_left_alone() throws InterruptedException {
        StoredSearch other = new StoredSearch(search.database, 2);
        JobQueue otherQueue = new JobQueue(other.experiment.id(), InstantSource.system());
        Jobs otherJobs = new Jobs(search.database, otherQueue, InstantSource.system());
        otherJobs.draw(other.job(9, 9, Rows.NOON));
        otherJobs.dispatch(other.experiment.id(), 1);
        JobId job = queued(1);
        Recorder recorder = new Recorder(picked -> Handled.DONE);

        try (var running = consume(recorder)) {
            running.wake();
            assertThat(recorder.next(recorder.handled)).isEqualTo(job);
        }

        assertThat(recorder.handled).isEmpty();
        assertThat(search.value("SELECT concat(task_instance, ' ', picked) FROM scheduled_tasks"))
                .isEqualTo(other.job(9, 9, Rows.NOON).id() + " f");
    }

    @Test
    void the_entry_of_a_holder_known_to_be_dead_is_freed_at_once() throws InterruptedException {
        JobId job = held(1, "dead-1", "now()");
        JobId alive = held(2, "alive-1", "now()");
        Recorder recorder = new Recorder(picked -> Handled.DONE);

        assertThat(queue.release(search.database, holder -> holder.startsWith("dead"), recorder))
                .containsExactly("dead-1");

        assertThat(recorder.lost).containsExactly(job);
        try (var running = consume(recorder)) {
            running.wake();
            assertThat(recorder.next(recorder.handled)).isEqualTo(job);
        }
        assertThat(search.value("SELECT task_instance FROM scheduled_tasks")).isEqualTo(alive.toString());
    }

    @Test
    void an_entry_whose_heartbeat_stopped_is_lost_and_picked_again() throws InterruptedException {
        JobId job = held(1, "silent", "now() - interval '1 minute'");
        Recorder recorder = new Recorder(picked -> Handled.DONE);

        try (var running = consume(recorder)) {
            running.wake();
            assertThat(recorder.next(recorder.lost)).isEqualTo(job);
            assertThat(recorder.next(recorder.handled)).isEqualTo(job);
        }

        assertThat(entries()).isEqualTo("0");
    }

    private JobId queued(int number) {
        jobs.draw(search.job(number, 0, Rows.NOON));
        jobs.dispatch(search.experiment.id(), 1);
        return search.job(number, 0, Rows.NOON).id();
    }

    private JobId held(int number, String holder, String heartbeat) {
        JobId job = queued(number);
        search.execute("""
                UPDATE scheduled_tasks SET picked = true, picked_by = '%s', last_heartbeat = %s, version = version + 1
                WHERE task_instance = '%s'""".formatted(holder, heartbeat, job));
        return job;
    }

    private JobQueue.Running consume(Recorder recorder) {
        return queue.consume(search.database, "test", 2, Duration.ofMillis(300), recorder);
    }

    private String entries() {
        return search.value("SELECT count(*) FROM scheduled_tasks");
    }

    /** Notes what it was given. */
    private static final class Recorder implements JobQueue.Consumer {

        final BlockingQueue<JobId> handled = new LinkedBlockingQueue<>();
        final BlockingQueue<JobId> lost = new LinkedBlockingQueue<>();
        private final Function<JobId, Handled> answer;

        Recorder(Function<JobId, Handled> answer) {
            this.answer = answer;
        }

        @Nullable
        JobId next(BlockingQueue<JobId> of) throws InterruptedException {
            return of.poll(20, TimeUnit.SECONDS);
        }

        @Override
        public Handled handle(JobId job) {
            handled.add(job);
            return answer.apply(job);
        }

        @Override
        public boolean lost(JobId job, JobQueue.Entry entry) {
            lost.add(job);
            return true;
        }
    }
}

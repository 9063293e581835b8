package io.loreley.store;

import static io.loreley.store.Question.instant;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who holds which entry of the queue. */
public final class QueueListing {

    private final Database database;

    public QueueListing(Database database) {
        this.database = database;
    }

    /** An entry that a worker holds. */
    public record Lease(
            String task,
            String job,
            @Nullable String holder,
            @Nullable Instant heartbeat) {}

    public List<Lease> held() {
        return new Question(database, "the queue")
                .add(
                        "SELECT task_name, task_instance, picked_by, last_heartbeat FROM scheduled_tasks WHERE picked ORDER BY last_heartbeat DESC LIMIT 500")
                .list(rows -> new Lease(
                        rows.getString("task_name"),
                        rows.getString("task_instance"),
                        rows.getString("picked_by"),
                        instant(rows, "last_heartbeat")));
    }

    /** Connections to this database, of everybody. */
    public long connections() {
        return new Question(database, "the connections")
                .add("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
                .number();
    }
}

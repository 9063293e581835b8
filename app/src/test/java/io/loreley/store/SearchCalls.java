package io.loreley.store;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.IslandKey;
import io.loreley.domain.JobId;
import io.loreley.domain.JobKind;
import io.loreley.domain.Objective;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.UUID;

/** What a running search asks of the database again and again, by name. Each call may be repeated at will. */
final class SearchCalls {

    private static final int BATCH = 32;

    private SearchCalls() {}

    /** @param jobs how many {@link LargeTables} made */
    static SequencedMap<String, Runnable> of(StoredSearch search, int jobs) {
        ExperimentId experiment = search.experiment.id();
        var experiments = new Experiments(search.database);
        var expenses = new Expenses(search.database);
        var lineages = new Lineages(search.database);
        var status = new StatusQuery(search.database, search.clock);
        var frame = new StatusQuery.Frame(
                experiment,
                "name",
                new Objective("score", Direction.MAXIMIZE),
                10_000,
                null,
                Duration.ZERO,
                null,
                null,
                null);
        JobId queued = new JobId(new UUID(0, jobs - 30L));

        SequencedMap<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("tick.to-ingest", () -> search.archives.toIngest(experiment, BATCH));
        calls.put("tick.awaiting-ingestion", () -> search.archives.awaitingIngestion(experiment));
        calls.put("tick.open", () -> search.jobs.open(experiment));
        calls.put("tick.running", () -> search.jobs.running(experiment));
        calls.put("tick.next-draw", () -> search.jobs.nextDraw(experiment));
        calls.put("tick.latest-root", () -> search.jobs.latest(experiment, JobKind.ROOT));
        calls.put("tick.latest-seed", () -> search.jobs.latest(experiment, JobKind.SEED));
        calls.put("tick.nothing-to-dispatch", () -> search.jobs.dispatch(experiment, 0));
        calls.put("tick.cards", () -> experiments.cards(experiment, List.of(Rows.commit(1), Rows.commit(6))));
        calls.put("claim.find", () -> search.jobs.find(queued));
        calls.put("claim", () -> {
            search.claim(queued);
            search.jobs.giveBack(queued, search.find(queued).attempt());
        });
        calls.put("tick.expenses", () -> expenses.of(experiment));
        calls.put("draw.arms", () -> expenses.arms(experiment));
        calls.put("draw.proposal", () -> lineages.proposal(experiment));
        CommitHash base = new CommitHash("a".repeat(40));
        calls.put("job.tried", () -> lineages.tried(experiment, base, IslandKey.DEFAULT_ISLAND, 24, "score"));
        calls.put(
                "job.ancestors",
                () -> lineages.ancestors(experiment, List.of(Rows.commit(1), Rows.commit(6)), "score"));
        calls.put("status", () -> status.status(frame));
        return calls;
    }
}

package io.loreley.store;

import static io.loreley.store.Question.instant;
import static io.loreley.store.Question.real;
import static io.loreley.store.Question.texts;
import static io.loreley.store.Question.uuid;
import static io.loreley.store.Question.whole;

import io.loreley.domain.CommitHash;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What grew from what: the commits of an experiment, and the jobs that failed and left none. */
public final class TreeListing {

    private static final int ERROR_SHOWN = 120;

    /** Generations that are followed back. */
    private static final int DEEPEST = 5000;

    private final Database database;

    public TreeListing(Database database) {
        this.database = database;
    }

    /**
     * A commit's place in the tree, or that of a job that failed.
     *
     * @param commit its hash; the job's id where there is no commit
     * @param subject why the job failed, where it did
     * @param failed the job that failed; absent for a commit
     */
    public record Node(
            String commit,
            @Nullable String parent,
            String subject,
            @Nullable Double value,
            boolean elite,
            List<String> inspirations,
            @Nullable Long draw,
            @Nullable JobId failed,
            @Nullable Instant at) {

        public Node {
            inspirations = List.copyOf(inspirations);
        }
    }

    /**
     * The newest commits, and one with all that it descends from, however old; oldest first.
     *
     * @param always the commit that is there in any case; absent for none
     */
    public List<Node> commits(ExperimentId experiment, String metric, int most, @Nullable CommitHash always) {
        return new Question(database, "the tree of commits")
                .add(
                        """
                        WITH RECURSIVE line AS (
                            SELECT id, parent_commit_hash, 0 AS depth FROM commit_cards WHERE experiment_id = ? AND commit_hash = ?
                            UNION ALL
                            SELECT p.id, p.parent_commit_hash, depth + 1 FROM line
                            JOIN commit_cards p ON p.experiment_id = ? AND p.commit_hash = line.parent_commit_hash WHERE depth < %d),
                        newest AS (SELECT id FROM commit_cards WHERE experiment_id = ? ORDER BY created_at DESC, id DESC LIMIT ?)
                        SELECT c.commit_hash, c.parent_commit_hash, c.subject, c.created_at, j.draw, j.inspiration_commit_hashes, m.value,
                            EXISTS (SELECT FROM map_elites_archive_cells a WHERE a.experiment_id = c.experiment_id
                                AND a.commit_hash = c.commit_hash) AS elite
                        FROM (SELECT id FROM newest UNION SELECT id FROM line) shown JOIN commit_cards c ON c.id = shown.id
                        LEFT JOIN metrics m ON m.commit_card_id = c.id AND m.name = ?
                        LEFT JOIN evolution_jobs j ON j.id = c.job_id
                        ORDER BY c.created_at, c.id""".formatted(DEEPEST),
                        experiment.value(),
                        always == null ? "" : always.value(),
                        experiment.value(),
                        experiment.value(),
                        most,
                        metric)
                .list(TreeListing::commit);
    }

    /** And the newest jobs that failed, each below the commit that it built on. */
    public List<Node> commitsAndFailures(
            ExperimentId experiment, String metric, int most, @Nullable CommitHash always) {
        List<Node> nodes = new ArrayList<>(commits(experiment, metric, most, always));
        nodes.addAll(new Question(database, "the failed jobs")
                .add("""
                        SELECT id, base_commit_hash, lower(replace(failure_kind, '_', ' ')) || coalesce(': ' || left(last_error, %d), '') AS why,
                            draw, completed_at
                        FROM evolution_jobs WHERE experiment_id = ? AND status = 'FAILED' AND base_commit_hash IS NOT NULL
                        ORDER BY created_at DESC, id DESC LIMIT ?""".formatted(ERROR_SHOWN), experiment.value(), most)
                .list(TreeListing::failure));
        nodes.sort(Comparator.comparing(Node::at, Comparator.nullsFirst(Comparator.naturalOrder())));
        return nodes;
    }

    private static Node commit(ResultSet rows) throws SQLException {
        return new Node(
                rows.getString("commit_hash"),
                rows.getString("parent_commit_hash"),
                rows.getString("subject"),
                real(rows, "value"),
                rows.getBoolean("elite"),
                texts(rows, "inspiration_commit_hashes"),
                whole(rows, "draw"),
                null,
                instant(rows, "created_at"));
    }

    private static Node failure(ResultSet rows) throws SQLException {
        JobId job = new JobId(uuid(rows, "id"));
        return new Node(
                job.toString(),
                rows.getString("base_commit_hash"),
                rows.getString("why"),
                null,
                false,
                List.of(),
                whole(rows, "draw"),
                job,
                instant(rows, "completed_at"));
    }
}

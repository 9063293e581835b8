package io.loreley.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is worth knowing of a commit without opening it: bounded, for prompts and for people. */
@Entity
@Table(name = "commit_cards")
public class CommitCard extends Timestamped {

    @Id
    private UUID id;

    @Column(name = "commit_hash", nullable = false, length = 64)
    private String commitHash;

    @Column(name = "parent_commit_hash", length = 64)
    private @Nullable String parentCommitHash;

    @Column(name = "island_id", length = Limits.ISLAND)
    private @Nullable String islandId;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "experiment_id", nullable = false)
    private Experiment experiment;

    @Column(name = "job_id")
    private @Nullable UUID jobId;

    @Column(length = Limits.AUTHOR)
    private @Nullable String author;

    @Column(nullable = false, length = Limits.SUBJECT)
    private String subject;

    @Column(name = "change_summary", nullable = false, length = Limits.CHANGE_SUMMARY)
    private String changeSummary;

    @Column(name = "evaluation_summary", length = Limits.EVALUATION_SUMMARY)
    private @Nullable String evaluationSummary;

    @Column(nullable = false)
    private List<String> tags;

    @Column(name = "key_files", nullable = false)
    private List<String> keyFiles;

    @Column(nullable = false)
    private List<String> highlights;

    @Embedded
    private Assessment assessment;

    @OneToMany(mappedBy = "card")
    private List<Metric> metrics = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    protected CommitCard() {}

    public CommitCard(
            UUID id,
            Experiment experiment,
            CommitHash commit,
            @Nullable CommitHash parent,
            @Nullable String island,
            @Nullable JobId job,
            @Nullable String author,
            CardText text,
            Assessment assessment) {
        this.id = id;
        this.experiment = experiment;
        this.commitHash = commit.value();
        this.parentCommitHash = parent == null ? null : parent.value();
        this.islandId = island;
        this.jobId = job == null ? null : job.value();
        this.author = author;
        this.subject = text.subject();
        this.changeSummary = text.changeSummary();
        this.evaluationSummary = text.evaluationSummary();
        this.tags = text.tags();
        this.keyFiles = text.keyFiles();
        this.highlights = text.highlights();
        this.assessment = assessment;
    }

    /** Of a commit that may compete. */
    public CommitCard(
            UUID id,
            Experiment experiment,
            CommitHash commit,
            @Nullable CommitHash parent,
            @Nullable String island,
            @Nullable JobId job,
            @Nullable String author,
            CardText text) {
        this(id, experiment, commit, parent, island, job, author, text, Assessment.accepted());
    }

    public UUID id() {
        return id;
    }

    public CommitHash commit() {
        return new CommitHash(commitHash);
    }

    public @Nullable CommitHash parent() {
        return parentCommitHash == null ? null : new CommitHash(parentCommitHash);
    }

    public @Nullable String island() {
        return islandId;
    }

    public Experiment experiment() {
        return experiment;
    }

    public @Nullable JobId job() {
        return jobId == null ? null : new JobId(jobId);
    }

    public @Nullable String author() {
        return author;
    }

    public CardText text() {
        return new CardText(subject, changeSummary, evaluationSummary, tags, keyFiles, highlights);
    }

    /** Whether it may compete, and what its evaluator said of it. */
    public Assessment assessment() {
        return assessment;
    }

    /** Loaded only where a query fetches them. */
    public List<Metric> metrics() {
        return metrics;
    }
}

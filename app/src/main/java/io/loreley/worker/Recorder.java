package io.loreley.worker;

import io.loreley.agent.AgentReport;
import io.loreley.domain.Assessment;
import io.loreley.domain.CardText;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.JobArtifacts;
import io.loreley.domain.Limits;
import io.loreley.domain.StageName;
import io.loreley.evaluation.Evaluation;
import io.loreley.git.CommitInfo;
import io.loreley.git.CommitMessage;
import io.loreley.git.FileStat;
import io.loreley.git.Hub;
import io.loreley.store.JobResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Words what an attempt produced: the commit message, the card, the artifacts' paths. Decides nothing. */
public final class Recorder {

    /** A line that is quoted as a whole. */
    private static final Pattern QUOTES = Pattern.compile("^[\"'`](?<inner>[^\"'`]*)[\"'`]\\.?$");

    private final ExperimentBrief brief;
    private final Hub hub;
    private final Path artifactStore;
    private final CommitSettings settings;
    private final InstantSource clock;

    public Recorder(ExperimentBrief brief, Hub hub, Path artifactStore, CommitSettings settings, InstantSource clock) {
        this.brief = brief;
        this.hub = hub;
        this.artifactStore = artifactStore;
        this.settings = settings;
        this.clock = clock;
    }

    CommitMessage message(Assignment work, Optional<AgentReport> plan, AgentReport report) {
        String text = """
                %s

                %s

                Loreley-Experiment: %s
                Loreley-Job: %s
                """.formatted(
                        subject(work, plan, report),
                        report.summary().strip(),
                        brief.experiment().id(),
                        work.id());
        return new CommitMessage(settings.author(), settings.email(), text, clock.instant());
    }

    JobResult root(Assignment work, Evaluation evaluation, StageLedger ledger) {
        CommitInfo info = hub.info(work.base());
        CardText text = new CardText(
                info.subject(),
                "The commit that the search starts from.",
                evaluation.summary(),
                List.of(),
                List.of(),
                List.of("The commit that the search starts from."));
        CommitHash parent = info.parents().isEmpty() ? null : info.parents().getFirst();
        return new JobResult(
                card(work, work.base(), parent, Limits.clamp(info.author(), Limits.AUTHOR), text, evaluation),
                evaluation.metrics(),
                artifacts(ledger),
                null);
    }

    JobResult candidate(
            Assignment work,
            CommitHash candidate,
            Optional<AgentReport> plan,
            AgentReport report,
            Evaluation evaluation,
            StageLedger ledger) {
        List<FileStat> changed = hub.numstat(work.base(), candidate);
        CardText text = new CardText(
                subject(work, plan, report),
                report.summary(),
                evaluation.summary(),
                work.job().spec().tags(),
                changed.stream().map(FileStat::path).toList(),
                highlights(changed));
        return new JobResult(
                card(work, candidate, work.base(), settings.author(), text, evaluation),
                evaluation.metrics(),
                artifacts(ledger),
                plan.map(AgentReport::summary).orElse(null));
    }

    private CommitCard card(
            Assignment work,
            CommitHash commit,
            @Nullable CommitHash parent,
            String author,
            CardText text,
            Evaluation evaluation) {
        return new CommitCard(
                UUID.randomUUID(),
                brief.experiment(),
                commit,
                parent,
                work.job().island(),
                work.id(),
                author,
                text,
                Assessment.of(evaluation.verdict(), evaluation.feedback()));
    }

    /** What the agent proposed, else what it did, else what was planned: the first that says something to a reader. */
    private static String subject(Assignment work, Optional<AgentReport> plan, AgentReport report) {
        return Stream.of(
                        Optional.ofNullable(report.commitMessage()),
                        Optional.of(report.summary()),
                        plan.map(AgentReport::summary))
                .flatMap(Optional::stream)
                .map(Recorder::unquoted)
                .filter(CardText::isReadableSubject)
                .map(line -> Limits.clamp(line, Limits.SUBJECT))
                .findFirst()
                .orElse("Evolution job " + work.id());
    }

    private static String unquoted(String text) {
        return QUOTES.matcher(Limits.oneLine(text)).replaceAll("$1");
    }

    /** The files with the most changed lines. */
    private static List<String> highlights(List<FileStat> changed) {
        return changed.stream()
                .sorted(Comparator.comparingLong((FileStat file) -> file.added() + file.deleted())
                        .reversed())
                .limit(Limits.HIGHLIGHTS)
                .map(file -> file.isBinary()
                        ? file.path() + ": binary"
                        : "%s: +%d/-%d".formatted(file.path(), file.added(), file.deleted()))
                .toList();
    }

    /** Of each stage those of the attempt that finished it, which may be an earlier one. */
    private JobArtifacts.Paths artifacts(StageLedger ledger) {
        Optional<String> plan = ledger.folder(StageName.PLAN);
        Optional<String> code = ledger.folder(StageName.CODE);
        Optional<String> evaluate = ledger.folder(StageName.EVALUATE);
        return new JobArtifacts.Paths(
                kept(plan, "plan/prompt.txt"),
                kept(plan, "plan/stdout.log"),
                kept(plan, "plan/report.json"),
                kept(code, "code/prompt.txt"),
                kept(code, "code/stdout.log"),
                kept(code, "code/report.json"),
                kept(evaluate, "evaluation.json"),
                kept(evaluate, "evaluation_logs.txt"));
    }

    /** Relative to the artifact store, so that the store can move. */
    private @Nullable String kept(Optional<String> folder, String file) {
        return folder.map(attempt -> attempt + "/" + file)
                .filter(path -> Files.exists(artifactStore.resolve(path)))
                .orElse(null);
    }
}

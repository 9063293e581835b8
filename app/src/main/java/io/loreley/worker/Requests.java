package io.loreley.worker;

import io.loreley.agent.AgentRequest;
import io.loreley.agent.CommitBrief;
import io.loreley.agent.Meter;
import io.loreley.agent.PromptSection;
import io.loreley.domain.CardText;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Hint;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Metric;
import io.loreley.evaluation.Evaluation;
import io.loreley.lineage.Memory;
import io.loreley.lineage.Memory.Recollection;
import io.loreley.store.Controls;
import io.loreley.store.Experiments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the requests of a job: the experiment's goal, and what is known of the base, the inspirations and the past. */
public final class Requests {

    private static final int FEEDBACK = PromptSection.BASE - 5;
    /** What failed before is worth more than an inspiration, and less than the base. */
    private static final int LESSONS = (PromptSection.BASE + PromptSection.INSPIRATION) / 2;
    /** An inspiration says more than how it came to be. */
    private static final int TRAJECTORIES = PromptSection.INSPIRATION - 20;

    private static final int SENT_BACK = PromptSection.BASE + 50;
    /** Characters of a draft that is sent back. */
    private static final int DRAFT = 4000;

    private final ExperimentBrief brief;
    private final Experiments experiments;
    private final Controls controls;
    private final Memory memory;
    private final Patience patience = new Patience();

    public Requests(ExperimentBrief brief, Experiments experiments, Controls controls, Memory memory) {
        this.brief = brief;
        this.experiments = experiments;
        this.controls = controls;
        this.memory = memory;
    }

    /** The request to plan. */
    AgentRequest toPlan(Assignment work, Duration limit, Meter meter) {
        List<PromptSection> context = new ArrayList<>(lessons(work));
        context.addAll(trajectories(work, meter));
        return request(AgentRequest.Stage.PLAN, work, null, context, limit);
    }

    /** The request to propose directions for the cold start; the root has no card yet. */
    AgentRequest toPropose(Assignment work, String subject, Evaluation root, Duration limit) {
        return new AgentRequest(
                AgentRequest.Stage.PLAN,
                work.id().toString(),
                brief.goal(),
                brief.constraints(),
                brief.acceptanceCriteria(),
                new CommitBrief(
                        work.base(),
                        subject,
                        "The commit that the search starts from.",
                        root.summary(),
                        root.metrics().stream()
                                .filter(measurement -> !measurement.isPrivate())
                                .toList(),
                        List.of(),
                        List.of()),
                List.of(),
                null,
                List.of(),
                "Do not plan one change now. Propose %d directions in which the search may begin, as different from each other as you can: one a line, each beginning with '- ', each one sentence of at most 150 characters. If you report by a schema with handoff_notes, put each into one of them, without the dash."
                        .formatted(brief.directions()),
                work.job().seed(),
                limit);
    }

    /** The request to plan again, because the draft repeats what failed or fell short before. */
    AgentRequest toPlanAgain(Assignment work, String draft, String deadEnd, Duration limit, Meter meter) {
        AgentRequest first = toPlan(work, limit, meter);
        List<PromptSection> context = new ArrayList<>();
        context.add(new PromptSection(
                "Your draft is sent back: it repeats an attempt that failed or fell short. Plan something else",
                "Your draft:\n%s\n\nThe attempt:\n%s".formatted(Limits.clamp(draft, DRAFT), deadEnd),
                SENT_BACK));
        context.addAll(first.context());
        return request(AgentRequest.Stage.PLAN, work, null, context, limit);
    }

    /** The request to code, with the plan if there is one. */
    AgentRequest toCode(Assignment work, @Nullable String plan, Duration limit, Meter meter) {
        List<PromptSection> context = new ArrayList<>(lessons(work));
        if (plan == null) {
            context.addAll(trajectories(work, meter));
        }
        return request(AgentRequest.Stage.CODE, work, plan, context, limit);
    }

    /** The recorded dead end that a plan repeats, in words. */
    Optional<String> repeated(Assignment work, String plan) {
        return patience.insist(() ->
                memory.repeated(brief.experiment().id(), work.base(), work.job().island(), plan));
    }

    private List<PromptSection> lessons(Assignment work) {
        return patience
                .insist(() -> memory.lessons(
                        brief.experiment().id(), work.base(), work.job().island()))
                .map(lessons -> new PromptSection(lessons.title(), lessons.text(), LESSONS))
                .stream()
                .toList();
    }

    private List<PromptSection> trajectories(Assignment work, Meter meter) {
        List<PromptSection> sections = new ArrayList<>();
        int importance = TRAJECTORIES;
        for (Recollection way : patience.insist(() -> memory.trajectories(
                brief.experiment().id(), work.base(), work.job().inspirations(), meter::spent))) {
            sections.add(new PromptSection(way.title(), way.text(), importance--));
        }
        return sections;
    }

    private AgentRequest request(
            AgentRequest.Stage stage,
            Assignment work,
            @Nullable String plan,
            List<PromptSection> context,
            Duration limit) {
        List<CommitHash> commits = new ArrayList<>();
        commits.add(work.base());
        commits.addAll(work.job().inspirations());
        Map<CommitHash, CommitCard> cards =
                patience.insist(() -> experiments.cards(brief.experiment().id(), commits)).stream()
                        .collect(Collectors.toMap(CommitCard::commit, Function.identity()));
        List<Hint> hints = patience
                .insist(() -> controls.hints(brief.experiment().id()))
                .stream()
                .filter(hint -> hint.concerns(work.job().island()))
                .toList();
        return new AgentRequest(
                stage,
                work.id().toString(),
                goal(hints),
                brief.constraints(),
                brief.acceptanceCriteria(),
                brief(cards, work.base()),
                work.job().inspirations().stream()
                        .map(commit -> brief(cards, commit))
                        .toList(),
                plan,
                withFeedback(cards.get(work.base()), context),
                hint(work.job().spec().iterationHint(), hints),
                work.job().seed(),
                limit);
    }

    /** What the evaluator wants read before its base is changed again, before everything else. */
    private static List<PromptSection> withFeedback(@Nullable CommitCard base, List<PromptSection> context) {
        String feedback = base == null ? null : base.assessment().feedback();
        if (feedback == null) {
            return context;
        }
        List<PromptSection> all = new ArrayList<>();
        all.add(new PromptSection("What the evaluator says of the commit where you start", feedback, FEEDBACK));
        all.addAll(context);
        return all;
    }

    /** That of the island, if a person gave it one. */
    private String goal(List<Hint> hints) {
        return hints.stream().filter(Hint::isGoal).map(Hint::text).findFirst().orElse(brief.goal());
    }

    private static @Nullable String hint(@Nullable String drawn, List<Hint> hints) {
        String told = hints.stream()
                .filter(hint -> !hint.isGoal())
                .map(hint -> "From the person who runs this search: " + hint.text())
                .collect(Collectors.joining("\n"));
        if (told.isEmpty()) {
            return drawn;
        }
        return drawn == null ? told : drawn + "\n" + told;
    }

    private static CommitBrief brief(Map<CommitHash, CommitCard> cards, CommitHash commit) {
        CommitCard card = cards.get(commit);
        if (card == null) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "commit %s was drawn, and has no card in its experiment".formatted(commit.abbreviated()));
        }
        CardText text = card.text();
        return new CommitBrief(
                commit,
                text.subject(),
                text.changeSummary(),
                text.evaluationSummary(),
                card.metrics().stream()
                        .map(Metric::measurement)
                        .filter(measurement -> !measurement.isPrivate())
                        .toList(),
                text.keyFiles(),
                text.highlights());
    }
}

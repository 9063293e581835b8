package io.loreley.worker;

import io.loreley.agent.AgentRequest;
import io.loreley.agent.CommitBrief;
import io.loreley.agent.Meter;
import io.loreley.agent.PromptSection;
import io.loreley.domain.CardText;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Metric;
import io.loreley.lineage.Memory;
import io.loreley.lineage.Memory.Recollection;
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

    /** What failed before is worth more than an inspiration, and less than the base. */
    private static final int LESSONS = (PromptSection.BASE + PromptSection.INSPIRATION) / 2;
    /** An inspiration says more than how it came to be. */
    private static final int TRAJECTORIES = PromptSection.INSPIRATION - 20;

    private static final int SENT_BACK = PromptSection.BASE + 50;
    /** Characters of a draft that is sent back. */
    private static final int DRAFT = 4000;

    private final ExperimentBrief brief;
    private final Experiments experiments;
    private final Memory memory;
    private final Patience patience = new Patience();

    public Requests(ExperimentBrief brief, Experiments experiments, Memory memory) {
        this.brief = brief;
        this.experiments = experiments;
        this.memory = memory;
    }

    /** The request to plan. */
    AgentRequest toPlan(Assignment work, Duration limit, Meter meter) {
        List<PromptSection> context = new ArrayList<>(lessons(work));
        context.addAll(trajectories(work, meter));
        return request(AgentRequest.Stage.PLAN, work, null, context, limit);
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
        return new AgentRequest(
                stage,
                work.id().toString(),
                brief.goal(),
                brief.constraints(),
                brief.acceptanceCriteria(),
                brief(cards, work.base()),
                work.job().inspirations().stream()
                        .map(commit -> brief(cards, commit))
                        .toList(),
                plan,
                context,
                work.job().spec().iterationHint(),
                work.job().seed(),
                limit);
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
                card.metrics().stream().map(Metric::measurement).toList(),
                text.keyFiles(),
                text.highlights());
    }
}

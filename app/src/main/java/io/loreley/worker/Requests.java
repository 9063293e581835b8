package io.loreley.worker;

import io.loreley.agent.AgentRequest;
import io.loreley.agent.CommitBrief;
import io.loreley.domain.CardText;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Metric;
import io.loreley.store.Experiments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the request of a job: the experiment's goal, and what is known of the base and the inspirations. */
public final class Requests {

    private final ExperimentBrief brief;
    private final Experiments experiments;
    private final Patience patience = new Patience();

    public Requests(ExperimentBrief brief, Experiments experiments) {
        this.brief = brief;
        this.experiments = experiments;
    }

    AgentRequest of(AgentRequest.Stage stage, Assignment work, @Nullable String plan) {
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
                List.of(),
                work.job().spec().iterationHint(),
                work.job().seed(),
                stage == AgentRequest.Stage.PLAN ? brief.planLimit() : brief.codeLimit());
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

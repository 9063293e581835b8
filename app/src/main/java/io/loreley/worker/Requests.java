package io.loreley.worker;

import io.loreley.agent.AgentRequest;
import io.loreley.agent.CommitBrief;
import io.loreley.domain.CardText;
import io.loreley.domain.CommitCard;
import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Hint;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Metric;
import io.loreley.store.Controls;
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
    private final Controls controls;
    private final Patience patience = new Patience();

    public Requests(ExperimentBrief brief, Experiments experiments, Controls controls) {
        this.brief = brief;
        this.experiments = experiments;
        this.controls = controls;
    }

    AgentRequest of(AgentRequest.Stage stage, Assignment work, @Nullable String plan) {
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
                List.of(),
                hint(work.job().spec().iterationHint(), hints),
                work.job().seed(),
                stage == AgentRequest.Stage.PLAN ? brief.planLimit() : brief.codeLimit());
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

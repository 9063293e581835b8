package io.loreley.evaluation;

import io.loreley.contract.Exchange;
import io.loreley.contract.Role;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Objective;
import io.loreley.domain.Requirement;
import io.loreley.domain.Verdict;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Programs one after the other, each only if the candidate passed the gate before it. Scratch keeps request.json,
 * stdout.log, stderr.log, evaluation.json and evaluation_logs.txt; with several stages, each stage's in a folder of its
 * own below {@code stages}, and their sum where a single stage's would be.
 */
final class StagedEvaluator {

    private final List<Stage> stages;
    private final Objective objective;
    private final int maxMetrics;

    /** @param maxMetrics how many metrics the stages may report together */
    StagedEvaluator(List<Stage> stages, Objective objective, int maxMetrics) {
        this.stages = List.copyOf(stages);
        this.objective = objective;
        this.maxMetrics = maxMetrics;
    }

    Evaluation evaluate(Candidate candidate, Path checkout, Path scratch) throws InterruptedException {
        Merged merged = new Merged();
        Verdict verdict = new Verdict.Accepted();
        for (Stage stage : stages) {
            merged.add(run(stage, candidate, checkout, scratch));
            requireFew(merged);
            verdict = merged.verdict.isAccepted() ? gate(stage, merged) : merged.verdict;
            if (!verdict.isAccepted()) {
                break;
            }
        }
        if (verdict.isAccepted()) {
            verdict = constraints(merged);
        }
        checkObjective(merged, verdict);
        Evaluation evaluation = merged.evaluation(verdict, objective);
        if (stages.size() > 1) {
            keep(evaluation, scratch);
        }
        return evaluation;
    }

    private Stage.Result run(Stage stage, Candidate candidate, Path checkout, Path scratch)
            throws InterruptedException {
        try {
            return stage.run(candidate, checkout, folder(stage, scratch));
        } catch (LoreleyException e) {
            if (stages.size() == 1 || e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            throw new LoreleyException(e.kind(), "Stage '%s': %s".formatted(stage.name(), e.getMessage()), e);
        }
    }

    private void requireFew(Merged merged) {
        if (merged.metrics.size() > maxMetrics) {
            throw Role.EVALUATOR.unreadable(
                    "reported %d metrics, and evaluator.max-metrics allows %d"
                            .formatted(merged.metrics.size(), maxMetrics),
                    null);
        }
    }

    private Path folder(Stage stage, Path scratch) {
        if (stages.size() == 1) {
            return scratch;
        }
        Path folder = scratch.resolve("stages").resolve(stage.name());
        try {
            FileTree.makeFolders(scratch, folder);
            return folder;
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot create the folder " + folder, e);
        }
    }

    private static Verdict gate(Stage stage, Merged merged) {
        Requirement gate = stage.gate();
        if (gate == null) {
            return new Verdict.Accepted();
        }
        Measurement metric = merged.required(gate, "the gate of stage '%s'".formatted(stage.name()));
        return gate.isMetBy(metric.value())
                ? new Verdict.Accepted()
                : new Verdict.GateFailed(stage.name(), broken(gate, metric, "asked for"));
    }

    private Verdict constraints(Merged merged) {
        List<String> broken = new ArrayList<>();
        for (Requirement requirement : objective.require()) {
            Measurement metric = merged.required(requirement, "objective.require");
            if (!requirement.isMetBy(metric.value())) {
                broken.add(broken(requirement, metric, "required"));
            }
        }
        return broken.isEmpty() ? new Verdict.Accepted() : new Verdict.ConstraintViolated(String.join("; ", broken));
    }

    /** Agents read it, so that it says of a private metric no more than that there is one. */
    private static String broken(Requirement requirement, Measurement metric, String verb) {
        return metric.isPrivate()
                ? "a private metric is not what is " + verb
                : "%s is %s, %s is %s".formatted(metric.name(), metric.value(), verb, requirement);
    }

    /** A commit that cannot compete need not have an objective; one that can must, in the stated direction. */
    private void checkObjective(Merged merged, Verdict verdict) {
        Measurement found = merged.metrics.get(objective.metric());
        if (found == null && verdict.isAccepted()) {
            throw new LoreleyException(
                    FailureKind.OBJECTIVE_MISSING,
                    "The evaluator's result lacks the objective '%s'; it holds %s. Report it, or set objective.metric."
                            .formatted(objective.metric(), merged.publicNames()));
        }
        for (Measurement metric : merged.metrics.values()) {
            objective.directionOf(metric.name()).ifPresent(stated -> {
                if (metric.direction() != stated) {
                    throw Role.EVALUATOR.unreadable(
                            "gave a result that cannot be used: it says %s of the objective '%s', and the settings say %s"
                                    .formatted(metric.direction(), metric.name(), stated),
                            null);
                }
            });
        }
    }

    private static void keep(Evaluation evaluation, Path scratch) {
        Exchange sum = new Exchange(scratch, "evaluation.json");
        sum.write(sum.resultName(), Json.write(EvaluationJson.of(evaluation)) + "\n");
        sum.write("evaluation_logs.txt", String.join("\n", evaluation.logs()));
    }

    /** What the stages so far said, of which the later one prevails. */
    private static final class Merged {

        private final Map<String, Measurement> metrics = new LinkedHashMap<>();
        private final List<String> summaries = new ArrayList<>();
        private final List<String> logs = new ArrayList<>();
        private final List<String> feedback = new ArrayList<>();
        private String errorTail = "";
        private Verdict verdict = new Verdict.Accepted();

        private void add(Stage.Result result) {
            result.report().metrics().forEach(metric -> metrics.put(metric.name(), metric));
            Optional.ofNullable(result.report().summary()).ifPresent(summaries::add);
            logs.addAll(result.report().logs());
            Optional.ofNullable(result.report().feedback()).ifPresent(feedback::add);
            errorTail = result.errorTail();
            verdict = result.report().verdict();
        }

        /** Those that agents may know, who read of failures. */
        private List<String> publicNames() {
            return metrics.values().stream()
                    .filter(metric -> !metric.isPrivate())
                    .map(Measurement::name)
                    .toList();
        }

        private Measurement required(Requirement requirement, String asker) {
            Measurement metric = metrics.get(requirement.metric());
            if (metric == null) {
                throw Role.EVALUATOR.unreadable(
                        "did not report '%s', which %s (%s) asks for; it reported %s"
                                .formatted(requirement.metric(), asker, requirement, publicNames()),
                        null);
            }
            return metric;
        }

        private Evaluation evaluation(Verdict outcome, Objective objective) {
            Measurement reached = metrics.get(objective.metric());
            String summary = !summaries.isEmpty()
                    ? String.join(" ", summaries)
                    : reached != null && !reached.isPrivate() && outcome.isAccepted()
                            ? reached.name() + " = " + reached.value()
                            : outcome.describe();
            return new Evaluation(summary, List.copyOf(metrics.values()), logs, outcome, told(outcome));
        }

        private @Nullable String told(Verdict outcome) {
            List<String> parts = new ArrayList<>(feedback);
            if (!outcome.isAccepted()) {
                parts.addFirst(outcome.describe());
            }
            if (!errorTail.isEmpty()) {
                parts.add("The end of its error output:\n" + errorTail);
            }
            String text = String.join("\n\n", parts).replace("\0", "␀");
            return text.isBlank() ? null : Limits.clamp(text, Limits.FEEDBACK);
        }
    }
}

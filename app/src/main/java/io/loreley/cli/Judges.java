package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Metric;
import io.loreley.domain.Objective;
import io.loreley.evaluation.Evaluator;
import io.loreley.evaluation.EvaluatorFiles;
import io.loreley.evaluation.EvaluatorSettings;
import io.loreley.evaluation.Evaluators;
import io.loreley.evaluation.Ground;
import io.loreley.evaluation.HoldoutSettings;
import io.loreley.evaluation.MachineSlots;
import io.loreley.evaluation.NoiseSettings;
import io.loreley.process.ProcessRunner;
import io.loreley.scheduler.Contest;
import io.loreley.scheduler.NoiseRule;
import io.loreley.store.Evaluations;
import io.loreley.worker.Examiners;
import io.loreley.worker.GuardedEvaluator;
import io.loreley.worker.PairedEvaluator;
import io.loreley.worker.RememberingEvaluator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes what measures commits and compares them: the evaluator with all that stands around it, the hold-out, the contest. */
final class Judges {

    private final Wiring wiring;
    private final Wiring.Opened opened;
    /** One for both evaluators: two in one process would not know of each other. */
    private final MachineSlots slots;

    Judges(Wiring wiring, Wiring.Opened opened) {
        this.wiring = wiring;
        this.opened = opened;
        this.slots = new MachineSlots(wiring.home().folder());
    }

    /** What measures the commits of the experiment, as workers use it. */
    Examiners examiners() {
        return new Examiners(evaluator(), holdout());
    }

    /** The second evaluator, if the settings name one. */
    private @Nullable Evaluator holdout() {
        EvaluatorSettings settings = settings().evaluator();
        HoldoutSettings wanted = settings.holdout();
        if (wanted == null) {
            return null;
        }
        EvaluatorSettings its = wanted.evaluator(settings);
        Path project = opened.project().folder();
        Ground ground = Ground.pinned(
                its, project, EvaluatorFiles.of(its, project), wiring.home().holdout(opened.id()));
        return evaluators(ground, wiring.programs()).of(its, wanted.objective());
    }

    /** Runs what may not see the hold-out: agents, and candidates in the hands of the evaluator. */
    ProcessRunner unknowing() {
        EvaluatorSettings main = settings().evaluator();
        HoldoutSettings holdout = main.holdout();
        if (holdout == null) {
            return wiring.programs();
        }
        Path project = opened.project().folder().toAbsolutePath();
        Set<String> names = EvaluatorFiles.names(holdout.evaluator(main), project);
        names.removeAll(EvaluatorFiles.names(main, project));
        names.removeAll(evaluatorFiles().hashes().keySet());
        List<Path> hidden = new ArrayList<>(List.of(wiring.home().holdout(opened.id())));
        names.forEach(name -> hidden.add(project.resolve(name)));
        return wiring.programs().hiding(hidden);
    }

    private Evaluators evaluators(Ground ground, ProcessRunner programs) {
        return new Evaluators(
                ground, wiring.environment(), programs, wiring.home().adapters(), slots);
    }

    /** Who takes whose place, given how surely each was measured. */
    Contest contest() {
        NoiseSettings noise = settings().evaluator().noise();
        Objective objective = settings().objective();
        return new Contest(new NoiseRule(noise.confidence()), noise.recheck(), opened.root(), commit -> {
            Measurement measured = opened.experiments().card(opened.id(), commit).metrics().stream()
                    .map(Metric::measurement)
                    .filter(metric -> metric.name().equals(objective.metric()))
                    .findFirst()
                    .orElseThrow(() -> new LoreleyException(
                            FailureKind.OBJECTIVE_MISSING,
                            "commit %s was recorded without the objective".formatted(commit.abbreviated())));
            return new NoiseRule.Estimate(
                    objective.direction().oriented(measured.value()),
                    measured.spread().samples(),
                    measured.spread().deviation());
        });
    }

    /** The evaluator of the experiment, on its pinned files, as every job is measured. */
    private Evaluator evaluator() {
        Ground ground = Ground.pinned(
                settings().evaluator(),
                opened.project().folder(),
                evaluatorFiles(),
                wiring.home().evaluator(opened.id()));
        EvaluatorSettings settings = settings().evaluator();
        Evaluator remembering = new RememberingEvaluator(
                evaluators(ground, unknowing()).of(settings, settings().objective()),
                opened.hub(),
                new Evaluations(opened.database()),
                opened.id(),
                opened.experiment().configHash());
        // What is remembered is said of a tree, and a comparison of a tree and its base.
        Evaluator compared = settings.noise().paired()
                ? new PairedEvaluator(remembering, settings().objective())
                : remembering;
        return new GuardedEvaluator(
                compared,
                opened.hub(),
                opened.source().subfolder(),
                settings.ground().protectedPaths());
    }

    /** Those that the experiment began with. */
    private EvaluatorFiles evaluatorFiles() {
        return ExperimentSettings.stored(opened.experiment().configSnapshot())
                .evaluatorFiles()
                .orElse(EvaluatorFiles.NONE);
    }

    private ProjectSettings settings() {
        return opened.project().settings();
    }
}

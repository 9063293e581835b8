package io.loreley.cli;

import io.loreley.agent.PromptTemplates;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Repository;
import io.loreley.evaluation.EvaluatorFiles;
import io.loreley.store.Experiments;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Finds the experiment that a project continues, or starts one. A project has an experiment for each set of settings that
 * it was ever run under: the settings say which one goes on. Only one that has found nothing yet takes other settings.
 */
final class ExperimentDesk {

    private final Experiments experiments;

    ExperimentDesk(Experiments experiments) {
        this.experiments = experiments;
    }

    /**
     * Finds or starts.
     *
     * @throws LoreleyException of kind CONFIGURATION if the settings differ from the stored ones and nothing was chosen
     */
    Experiment open(
            Repository repository,
            ProjectSettings project,
            PromptTemplates prompts,
            EvaluatorFiles evaluatorFiles,
            CommitHash root,
            String subfolder,
            ExperimentChoice choice) {
        ExperimentSettings wanted = ExperimentSettings.of(project, prompts, evaluatorFiles, root, subfolder);
        Experiment chosen = choose(repository, project.name(), wanted, choice);
        experiments.opened(chosen);
        return chosen;
    }

    private Experiment choose(
            Repository repository, String project, ExperimentSettings wanted, ExperimentChoice choice) {
        List<Experiment> known = experiments.ofProject(repository, project);
        Optional<Experiment> same =
                known.stream().filter(experiment -> isOf(experiment, wanted)).findFirst();
        if (same.isPresent()) {
            return same.get();
        }
        if (known.isEmpty()) {
            return start(repository, project, project, wanted);
        }
        Experiment last = known.getFirst();
        if (choice == ExperimentChoice.CONTINUE) {
            return last;
        }
        if (experiments.redefine(last, wanted.hash(), wanted.snapshot())) {
            return experiments.find(last.id()).orElseThrow();
        }
        if (choice == ExperimentChoice.NEW) {
            return start(repository, freeName(repository, project), project, wanted);
        }
        throw differs(last, ExperimentSettings.stored(last.configSnapshot()).differencesTo(wanted));
    }

    private static boolean isOf(Experiment experiment, ExperimentSettings wanted) {
        ExperimentSettings stored = ExperimentSettings.stored(experiment.configSnapshot());
        return stored.equals(stored.evaluatorFiles().isPresent() ? wanted : wanted.withoutEvaluatorFiles());
    }

    private Optional<Experiment> sameSettings(Repository repository, ExperimentSettings wanted) {
        return experiments.all(repository).stream()
                .filter(experiment -> experiment.configHash().equals(wanted.hash()))
                .findFirst();
    }

    private Experiment start(Repository repository, String name, String project, ExperimentSettings wanted) {
        Optional<Experiment> same = sameSettings(repository, wanted);
        if (same.isPresent()) {
            return ofProject(project, same.get());
        }
        Experiment experiment = new Experiment(
                new ExperimentId(UUID.randomUUID()),
                repository,
                wanted.hash(),
                name,
                project,
                wanted.snapshot(),
                "active");
        try {
            experiments.create(experiment);
            return experiment;
        } catch (LoreleyException e) {
            // Another process of the same project may have been a moment earlier.
            return ofProject(project, sameSettings(repository, wanted).orElseThrow(() -> e));
        }
    }

    /** An experiment is another project's until somebody says otherwise: that one may be running it. */
    private static Experiment ofProject(String project, Experiment same) {
        if (project.equals(same.project())) {
            return same;
        }
        String owner = Objects.requireNonNullElse(same.project(), same.name());
        throw new LoreleyException(
                FailureKind.CONFIGURATION, """
                Experiment '%s' of project '%s' has these settings already, and a repository has no two alike.
                To go on with it under its name, write `name: %s`.
                To give it to project '%s', stop whoever runs it, then: loreley experiments rename %s %s
                For another search, change a setting, such as search.seed.""".formatted(same.name(), owner, owner, project, same.id(), project));
    }

    private String freeName(Repository repository, String project) {
        List<String> taken =
                experiments.all(repository).stream().map(Experiment::name).toList();
        int number = 2;
        while (taken.contains(project + "-" + number)) {
            number++;
        }
        return project + "-" + number;
    }

    private static LoreleyException differs(Experiment experiment, List<ExperimentSettings.Difference> differences) {
        String lines = differences.stream().map(each -> "  " + each).collect(Collectors.joining("\n"));
        return new LoreleyException(FailureKind.CONFIGURATION, """
                The settings are not those that experiment '%s' was started with:
                %s
                --continue goes on under the stored settings; --new-experiment starts another one under these.""".formatted(experiment.name(), lines));
    }
}

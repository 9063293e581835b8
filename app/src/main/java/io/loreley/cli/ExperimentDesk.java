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
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the experiment that a project continues, or starts one. An experiment is found by its name within its repository;
 * it goes on only under the settings it was started with, unless it has found nothing yet.
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
        Optional<Experiment> youngest = experiments.all(repository).stream()
                .filter(experiment -> isOf(project.name(), experiment))
                .findFirst();
        if (youngest.isEmpty()) {
            return start(repository, project.name(), wanted);
        }
        ExperimentSettings stored = ExperimentSettings.stored(youngest.get().configSnapshot());
        if (stored.equals(stored.evaluatorFiles().isPresent() ? wanted : wanted.withoutEvaluatorFiles())) {
            return youngest.get();
        }
        if (choice != ExperimentChoice.CONTINUE
                && experiments.redefine(youngest.get(), wanted.hash(), wanted.snapshot())) {
            return experiments.find(youngest.get().id()).orElseThrow();
        }
        return switch (choice) {
            case ASK -> throw differs(youngest.get(), stored.differencesTo(wanted));
            case CONTINUE -> youngest.get();
            case NEW ->
                sameSettings(repository, wanted)
                        .orElseGet(() -> start(repository, freeName(repository, project.name()), wanted));
        };
    }

    private Optional<Experiment> sameSettings(Repository repository, ExperimentSettings wanted) {
        return experiments.all(repository).stream()
                .filter(experiment -> experiment.configHash().equals(wanted.hash()))
                .findFirst();
    }

    private Experiment start(Repository repository, String name, ExperimentSettings wanted) {
        Optional<Experiment> same = sameSettings(repository, wanted);
        if (same.isPresent()) {
            experiments.rename(same.get(), name);
            return experiments.find(same.get().id()).orElseThrow();
        }
        Experiment experiment = new Experiment(
                new ExperimentId(UUID.randomUUID()), repository, wanted.hash(), name, wanted.snapshot(), "active");
        try {
            experiments.create(experiment);
            return experiment;
        } catch (LoreleyException e) {
            // Another process of the same project may have been a moment earlier.
            return sameSettings(repository, wanted).orElseThrow(() -> e);
        }
    }

    private static boolean isOf(String project, Experiment experiment) {
        String name = experiment.name();
        return name != null && (name.equals(project) || name.matches(Pattern.quote(project) + "-\\d+"));
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

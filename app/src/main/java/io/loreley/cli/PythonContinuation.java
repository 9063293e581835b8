package io.loreley.cli;

import io.loreley.agent.PromptTemplates;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Experiment;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Objective;
import io.loreley.domain.Repository;
import io.loreley.evaluation.EvaluatorFiles;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.store.Experiments;
import io.loreley.store.PythonExperiments;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an experiment that the Python system began go on here, if the project has its name and the user says so: brings its
 * commits into the hub, then makes its rows ours.
 */
final class PythonContinuation {

    private static final Logger LOG = LoggerFactory.getLogger(PythonContinuation.class);

    private final Experiments experiments;
    private final PythonExperiments python;
    private final Hub hub;
    private final Source source;

    PythonContinuation(Experiments experiments, PythonExperiments python, Hub hub, Source source) {
        this.experiments = experiments;
        this.python = python;
        this.hub = hub;
        this.source = source;
    }

    /**
     * Does nothing if the project continues no such experiment.
     *
     * @throws LoreleyException of kind CONFIGURATION that says what would happen, unless the user chose
     */
    void prepare(
            Repository repository,
            ProjectSettings project,
            PromptTemplates prompts,
            EvaluatorFiles evaluatorFiles,
            ExperimentChoice choice) {
        Optional<Experiment> found = find(repository, project.name());
        if (found.isEmpty() || choice == ExperimentChoice.NEW) {
            return;
        }
        Experiment experiment = found.get();
        PythonExperimentSettings settings = new PythonExperimentSettings(project.name(), experiment.configSnapshot());
        ExperimentSettings wanted =
                ExperimentSettings.of(project, prompts, evaluatorFiles, settings.root(), source.subfolder());
        ExperimentSettings merged = settings.over(wanted);
        Objective objective = merged.appliedTo(project).objective();
        if (choice == ExperimentChoice.ASK) {
            throw asks(project.name(), wanted.differencesTo(merged));
        }
        Set<CommitHash> commits = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
        commits.addAll(python.commits(experiment.id()));
        commits.add(settings.root());
        Set<CommitHash> lost = hub.fetchRecorded(
                source, commits, commit -> "refs/loreley/%s/commits/%s".formatted(experiment.id(), commit));
        if (lost.contains(settings.root())) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "experiment '%s' began at commit %s, which is not in %s. Name the repository that it evolved."
                            .formatted(project.name(), settings.root(), source.describe()));
        }
        python.goOn(new PythonExperiments.Continuation(
                experiment, repository, merged.hash(), merged.snapshot(), settings.root(), objective.metric(), lost));
        LOG.atInfo()
                .addKeyValue("experiment", experiment.id())
                .addKeyValue("commits", commits.size())
                .addKeyValue("lost", lost.size())
                .log("python.continued");
    }

    /** The repository's own comes first; the Python system may have known the repository under another slug. */
    private Optional<Experiment> find(Repository repository, String name) {
        Optional<Experiment> own = experiments.named(repository, name);
        if (own.isPresent()) {
            return own.filter(experiment -> PythonExperimentSettings.areOf(experiment.configSnapshot()));
        }
        List<Experiment> others = python.named(name).stream()
                .filter(experiment -> PythonExperimentSettings.areOf(experiment.configSnapshot()))
                .toList();
        if (others.size() > 1) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "there are %d experiments of the Python Loreley named '%s'; give the one that is meant another name with: loreley experiments rename"
                            .formatted(others.size(), name));
        }
        return others.stream().findFirst();
    }

    private static LoreleyException asks(String name, List<ExperimentSettings.Difference> differences) {
        String lines = differences.stream().map(each -> "  " + each).collect(Collectors.joining("\n"));
        return new LoreleyException(
                FailureKind.CONFIGURATION, """
                Experiment '%s' was begun by the Python Loreley.
                --continue goes on with it: agent, evaluator and what else that system has no word for are the project's, and its
                own settings hold where they differ from the project's:
                %s
                Its archive is laid out anew from the recorded commits and metrics. --new-experiment starts another one.""".formatted(name, lines.isEmpty() ? "  (they do not)" : lines));
    }
}

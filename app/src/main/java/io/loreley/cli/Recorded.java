package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.Json;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.RepositoryIdentity;
import io.loreley.git.Source;
import io.loreley.store.Catalogue;
import io.loreley.store.Database;
import java.util.Map;

/**
 * The experiment of a project that was opened last, to be looked at.
 *
 * @param settings those that it is run under, which the project's file may no longer say
 */
record Recorded(Database database, Source source, String slug, Catalogue.Entry experiment, ProjectSettings settings) {

    /** @throws LoreleyException of kind CONFIGURATION if there is none */
    static Recorded open(Wiring wiring, Project project) {
        ProjectSettings settings = project.settings();
        Source source =
                Source.detect(settings.repository(), project.folder(), settings.importFolder(), wiring.processes());
        String slug = RepositoryIdentity.of(source, wiring.processes()).slug();
        Database database = wiring.database();
        Catalogue.Entry experiment = new Catalogue(database)
                .ofProject(slug, settings.name())
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "project '%s' was never run on %s. Start it with: loreley run %s"
                                .formatted(settings.name(), database.url(), project.folder())));
        return new Recorded(database, source, slug, experiment, applied(experiment, settings));
    }

    private static ProjectSettings applied(Catalogue.Entry experiment, ProjectSettings settings) {
        Map<String, Object> stored = Json.values("settings", experiment.settings());
        return PythonExperimentSettings.areOf(stored)
                ? settings
                : ExperimentSettings.stored(stored).appliedTo(settings);
    }

    Hub hub(Wiring wiring) {
        return wiring.hub(slug);
    }
}

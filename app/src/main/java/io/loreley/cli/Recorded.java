package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.RepositoryIdentity;
import io.loreley.git.Source;
import io.loreley.store.Catalogue;
import io.loreley.store.Database;
import io.loreley.store.StatusQuery;

/** What is recorded of a project's youngest experiment, opened to be read. */
record Recorded(Database database, Source source, Hub hub, Catalogue.Entry experiment) {

    static Recorded open(Wiring wiring, Project project) {
        ProjectSettings settings = project.settings();
        Source source =
                Source.detect(settings.repository(), project.folder(), settings.importFolder(), wiring.processes());
        String slug = RepositoryIdentity.of(source, wiring.processes()).slug();
        Database database = wiring.database();
        StatusQuery.Named named = new StatusQuery(database.dataSource(), wiring.clock())
                .find(slug, settings.name())
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "project '%s' was never run on %s. Start it with: loreley run %s"
                                .formatted(settings.name(), database.url(), project.folder())));
        return new Recorded(
                database,
                source,
                wiring.hub(slug),
                new Catalogue(database).find(named.id()).orElseThrow());
    }
}

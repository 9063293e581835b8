package io.loreley.web;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.git.Hub;
import io.loreley.store.ApiTokens;
import io.loreley.store.Changes;
import io.loreley.store.Database;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the server shows: the database, the hubs of its repositories, and the folders of this machine.
 *
 * @param hubs the hub of a repository's slug
 * @param artifacts the artifact store
 * @param logs where log files are
 * @param live the status of an experiment that this process runs, with its budget
 * @param machine facts and checks of this machine, without secrets
 */
public record WebSources(
        Database database,
        Function<String, Hub> hubs,
        Path artifacts,
        Path logs,
        Function<ExperimentId, Optional<ExperimentStatus>> live,
        Machine machine,
        InstantSource clock) {

    /** This machine, for the page that describes it. */
    public interface Machine {

        /** Loreley's own folder. */
        Path home();

        /** Who runs this server, as the audit trail names people. */
        String user();

        /** Settings of this machine, without secrets. */
        Map<String, String> settings();

        /** What the doctor finds. */
        List<Finding> checks();
    }

    /**
     * One of the doctor's checks.
     *
     * @param outcome ok, warning or failed
     * @param advice what to do; empty if nothing
     */
    public record Finding(String name, String outcome, String detail, String advice) {}

    ApiTokens tokens() {
        return new ApiTokens(database, clock);
    }

    Pulse pulse() {
        return new Pulse(new Changes(database), clock);
    }
}

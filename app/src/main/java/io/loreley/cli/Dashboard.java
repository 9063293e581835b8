package io.loreley.cli;

import io.loreley.cli.display.Check;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.ExperimentStatus;
import io.loreley.git.Hub;
import io.loreley.store.Database;
import io.loreley.web.WebServer;
import io.loreley.web.WebSettings;
import io.loreley.web.WebSources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Starts the web server over what this machine has. */
final class Dashboard {

    private final Wiring wiring;
    private final MachineSettings machine;

    Dashboard(Wiring wiring, MachineSettings machine) {
        this.wiring = wiring;
        this.machine = machine;
    }

    /**
     * Starts it.
     *
     * @param live the status of the experiment that this process runs, if it runs one
     */
    WebServer start(WebSettings settings, Database database, Function<ExperimentId, Optional<ExperimentStatus>> live) {
        return WebServer.start(
                settings,
                new WebSources(
                        database,
                        hubs(),
                        wiring.home().artifactStore(),
                        machine.logs(),
                        live,
                        new ThisMachine(machine, wiring.environment(), database),
                        wiring.clock()));
    }

    private Function<String, Hub> hubs() {
        Map<String, Hub> open = new ConcurrentHashMap<>();
        return slug -> open.computeIfAbsent(slug, wiring::hub);
    }

    private record ThisMachine(MachineSettings machine, Map<String, String> environment, Database database)
            implements WebSources.Machine {

        @Override
        public Path home() {
            return machine.home();
        }

        @Override
        public String user() {
            return Orders.actor(environment);
        }

        @Override
        public Map<String, String> settings() {
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("home", machine.home().toString());
            settings.put("database", machine.databaseUrl() == null ? "embedded" : "configured (hidden)");
            settings.put("workers", String.valueOf(machine.workers()));
            settings.put("log level", machine.logLevel());
            settings.put("version", Version.current());
            settings.put("java", System.getProperty("java.version"));
            settings.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
            return settings;
        }

        @Override
        public List<WebSources.Finding> checks() {
            var checks = new MachineChecks(machine, environment);
            Check database = Check.ok(
                    "database",
                    "PostgreSQL %s at %s"
                            .formatted(database().serverVersion(), database().url()));
            return List.of(checks.java(), checks.git(), checks.home(), database).stream()
                    .map(ThisMachine::finding)
                    .toList();
        }

        private static WebSources.Finding finding(Check check) {
            String fix = check.fix();
            return new WebSources.Finding(
                    check.name(),
                    check.result().name().toLowerCase(java.util.Locale.ROOT),
                    check.found(),
                    fix == null ? "" : fix);
        }
    }
}

package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.web.WebSettings;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves the dashboard and the API of every experiment of the database. */
@Command(
        name = "server",
        description = "Serve the dashboard and the API of every experiment of the database.",
        footer = {
            "",
            "A run serves its own while it lasts. On this machine alone nothing is asked; beyond it, and with --host-name, a "
                    + "token is needed: see loreley token. Put TLS in front of it: a token must not travel in the clear."
        })
final class ServerCommand implements Callable<Integer> {

    private static final int LAST_PORT = 65_535;

    private final Surroundings surroundings;
    private final Engine engine;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Where to listen (127.0.0.1). Beyond this machine, a token is needed.")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "N", description = "Port to listen on (8765); 0 for any that is free.")
    private int port = WebSettings.DEFAULT_PORT;

    @Option(names = "--read-only", description = "Nothing can be changed through it.")
    private boolean readOnly;

    @Option(
            names = "--host-name",
            paramLabel = "NAME",
            description =
                    "A name under which browsers reach it, also through a proxy on this machine; everyone then needs a token. May be given several times.")
    private List<String> hostNames = List.of();

    @Mixin
    private MachineOptions machine = new MachineOptions();

    ServerCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    /** A port that there can be; 0 for any that is free. */
    static int requirePort(int port) {
        if (port < 0 || port > LAST_PORT) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "--port: %d is no port; name one from 1 to %d, or 0 for any that is free"
                            .formatted(port, LAST_PORT));
        }
        return port;
    }

    @Override
    public Integer call() {
        WebSettings web = new WebSettings(host, requirePort(port), readOnly, Set.copyOf(hostNames));
        MachineSettings settings = machine.settings(null, surroundings.environment());
        LogFile.open(settings, "server", surroundings.clock());
        try (GracefulStop stop = GracefulStop.onSignals(() -> {})) {
            engine.serve(
                    settings,
                    web,
                    address -> surroundings.out().printf("dashboard at %s — Ctrl-C ends it%n", address),
                    stop);
            return stop.isRequested() ? Failures.INTERRUPTED : Failures.OK;
        }
    }
}

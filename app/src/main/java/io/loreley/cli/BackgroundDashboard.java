package io.loreley.cli;

import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.web.WebServer;
import io.loreley.web.WebSettings;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dashboard of a run: it comes up beside the first jobs, which do not wait for it, and goes with the run. */
final class BackgroundDashboard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundDashboard.class);

    private final @Nullable CompletableFuture<Served> server;

    BackgroundDashboard(
            Wiring wiring,
            MachineSettings machine,
            @Nullable WebSettings web,
            Wiring.Opened opened,
            Supplier<ExperimentStatus> status,
            RunListener listener) {
        this.server = web == null
                ? null
                : CompletableFuture.supplyAsync(
                        () -> {
                            WebServer started = new Dashboard(wiring, machine)
                                    .start(
                                            web,
                                            opened.database(),
                                            experiment -> experiment.equals(opened.id())
                                                    ? Optional.of(status.get())
                                                    : Optional.empty());
                            listener.on(new RunEvent.Serving(started.address()));
                            return new Served(started, new RunningServers(machine.home()).announce(started.address()));
                        },
                        task -> Thread.ofPlatform().name("dashboard").daemon().start(task));
    }

    /** A run is worth more than its dashboard: one that could not start is told in the log. */
    @Override
    public void close() {
        if (server == null) {
            return;
        }
        try {
            server.join().close();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof LoreleyException)) {
                throw e;
            }
            LOG.atWarn().setCause(e.getCause()).log("web.failed");
        }
    }

    /** A server, and the word of where it is. */
    private record Served(WebServer server, RunningServers.Announcement announcement) {
        void close() {
            announcement.close();
            server.close();
        }
    }
}

package io.loreley.cli;

import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.web.WebServer;
import io.loreley.web.WebSettings;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dashboard of a run, which goes with it. One that somebody asked for on a port is there before the first job, or the
 * run does not begin. Another comes up beside the first jobs, which do not wait for it: a run is worth more than its
 * dashboard.
 */
final class BackgroundDashboard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundDashboard.class);

    private final Wiring wiring;
    private final MachineSettings machine;
    private final Wiring.Opened opened;
    private final Supplier<ExperimentStatus> status;
    private final RunListener listener;
    private final CompletableFuture<Optional<Served>> server;

    /** @throws LoreleyException of kind CONFIGURATION if the port that was asked for cannot be had */
    BackgroundDashboard(
            Wiring wiring,
            MachineSettings machine,
            @Nullable WebSettings web,
            Wiring.Opened opened,
            Supplier<ExperimentStatus> status,
            RunListener listener) {
        this.wiring = wiring;
        this.machine = machine;
        this.opened = opened;
        this.status = status;
        this.listener = listener;
        if (web == null) {
            this.server = CompletableFuture.completedFuture(Optional.empty());
        } else if (web.port() == WebSettings.DEFAULT_OR_FREE) {
            this.server = CompletableFuture.supplyAsync(
                    () -> attempt(web),
                    task -> Thread.ofPlatform().name("dashboard").daemon().start(task));
        } else {
            this.server = CompletableFuture.completedFuture(Optional.of(start(web)));
        }
    }

    private Optional<Served> attempt(WebSettings web) {
        try {
            return Optional.of(start(web));
        } catch (LoreleyException e) {
            LOG.atWarn().setCause(e).log("web.failed");
            listener.on(new RunEvent.Trouble("no dashboard: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private Served start(WebSettings web) {
        WebServer started = new Dashboard(wiring, machine)
                .start(
                        web,
                        opened.database(),
                        experiment -> experiment.equals(opened.id()) ? Optional.of(status.get()) : Optional.empty());
        listener.on(new RunEvent.Serving(started.address()));
        return new Served(started, new RunningServers(machine.home()).announce(started.address()));
    }

    @Override
    public void close() {
        server.join().ifPresent(Served::close);
    }

    /** A server, and the word of where it is. */
    private record Served(WebServer server, RunningServers.Announcement announcement) {
        void close() {
            announcement.close();
            server.close();
        }
    }
}

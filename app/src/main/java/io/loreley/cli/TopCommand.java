package io.loreley.cli;

import io.loreley.cli.display.Keyboard;
import io.loreley.cli.display.Overview;
import io.loreley.cli.display.TopScreen;
import io.loreley.cli.display.TopText;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Watches an experiment in the terminal, over the API of a server that runs. */
@Command(
        name = "top",
        description = "Watch an experiment in the terminal, over the API of a running server.",
        footer = {
            "",
            "Finds the server of a run, or of loreley server, on this machine; --url names one elsewhere, which asks for a "
                    + "token (--token-file, or LORELEY_TOKEN). q or Ctrl-C ends it."
        })
final class TopCommand implements Callable<Integer> {

    private static final Duration FRAME = Duration.ofSeconds(1);
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    /** Workers and pauses send no event. */
    private static final Duration OLDEST = Duration.ofSeconds(5);

    private static final int CONTROL_C = 3;
    private static final int CONTROL_D = 4;

    private enum Signal {
        CHANGED,
        QUIT
    }

    private final Surroundings surroundings;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

    @Parameters(
            arity = "0..1",
            paramLabel = "EXPERIMENT",
            description = "Its name, or the first digits of its id (default: the one that runs, or the youngest).")
    private @Nullable String experiment;

    @Option(names = "--url", paramLabel = "URL", description = "The server's address, as it prints it.")
    private @Nullable String url;

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds the token (LORELEY_TOKEN).")
    private @Nullable Path tokenFile;

    @Option(names = "--once", description = "Say how it is now, and end; so it is without a terminal.")
    private boolean once;

    @Mixin
    private MachineOptions machine = new MachineOptions();

    TopCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        MachineSettings settings = machine.settings(null, surroundings.environment());
        LogFile.open(settings, "top", surroundings.clock());
        try (Server server = server(settings)) {
            if (once || !surroundings.canDraw()) {
                TopText.lines(server.experiment.overview(surroundings.clock().instant()), surroundings.colours())
                        .forEach(surroundings.out()::println);
            } else {
                watch(server.experiment);
            }
        }
        return Failures.OK;
    }

    /** The experiment, and the connection over which it is seen. */
    private record Server(ApiClient api, RemoteExperiment experiment) implements AutoCloseable {
        @Override
        public void close() {
            api.close();
        }
    }

    /** The named server, or the one of this machine that runs the experiment, or else any that knows it. */
    private Server server(MachineSettings settings) {
        String token = token();
        List<String> addresses = url != null ? List.of(url) : new RunningServers(settings.home()).addresses();
        List<Server> knowing = new ArrayList<>();
        LoreleyException refusal = null;
        for (String address : addresses) {
            ApiClient api = new ApiClient(address, token);
            try {
                RemoteExperiment.find(api, experiment).ifPresent(known -> knowing.add(new Server(api, known)));
            } catch (LoreleyException e) {
                refusal = e;
            }
        }
        if (knowing.isEmpty()) {
            throw refusal != null ? refusal : nowhere(settings, addresses);
        }
        return knowing.stream()
                .filter(server -> server.experiment.isLive())
                .findFirst()
                .orElse(knowing.getFirst());
    }

    private LoreleyException nowhere(MachineSettings settings, List<String> addresses) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                addresses.isEmpty()
                        ? "no server of %s runs on this machine. Start one with loreley run or loreley server, or name one with --url."
                                .formatted(settings.home())
                        : experiment == null
                                ? "there is no experiment yet; start one with loreley run"
                                : "no experiment is called '%s'; loreley experiments list names them"
                                        .formatted(experiment));
    }

    private @Nullable String token() {
        if (tokenFile == null) {
            String token =
                    surroundings.environment().getOrDefault("LORELEY_TOKEN", "").strip();
            return token.isEmpty() ? null : token;
        }
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "--token-file: cannot read %s".formatted(tokenFile), e);
        }
    }

    private void watch(RemoteExperiment watched) throws InterruptedException {
        Overview first = watched.overview(surroundings.clock().instant());
        try (TopScreen screen = TopScreen.open(
                        surroundings.out(), surroundings.terminal(), surroundings.colours(), surroundings.clock());
                Keyboard keyboard = Keyboard.open();
                GracefulStop stop = GracefulStop.onSignals(() -> leave(screen, keyboard))) {
            stop.whenRequested(() -> signals.add(Signal.QUIT));
            Thread.ofPlatform().daemon().name("keys").start(() -> readKeys(keyboard));
            Thread events = Thread.ofVirtual().name("events").start(() -> listen(watched));
            screen.show(first);
            follow(watched, screen);
            events.interrupt();
        }
    }

    private static void leave(TopScreen screen, Keyboard keyboard) {
        keyboard.close();
        screen.close();
    }

    private void follow(RemoteExperiment watched, TopScreen screen) throws InterruptedException {
        long asked = System.nanoTime();
        while (true) {
            Signal signal = signals.poll(FRAME.toMillis(), TimeUnit.MILLISECONDS);
            if (signal == Signal.QUIT) {
                return;
            }
            if (signal == Signal.CHANGED || System.nanoTime() - asked > OLDEST.toNanos()) {
                asked = System.nanoTime();
                try {
                    screen.show(watched.overview(surroundings.clock().instant()));
                } catch (LoreleyException e) {
                    if (!RemoteExperiment.mayPass(e)) {
                        throw e;
                    }
                    screen.complain(String.valueOf(e.getMessage()));
                }
            }
            screen.paint();
        }
    }

    /** Again and again, since a server may be started anew; what is said of its absence comes from its questions. */
    private void listen(RemoteExperiment watched) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                watched.listen(() -> signals.add(Signal.CHANGED));
            } catch (LoreleyException e) {
                if (e.kind() == FailureKind.INTERRUPTED) {
                    return;
                }
            }
            try {
                Thread.sleep(RECONNECT);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void readKeys(Keyboard keyboard) {
        while (true) {
            int key = keyboard.read();
            if (key < 0) {
                return;
            }
            if (key == 'q' || key == 'Q' || key == CONTROL_C || key == CONTROL_D) {
                signals.add(Signal.QUIT);
                return;
            }
        }
    }
}

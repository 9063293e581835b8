package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells whether a server of a data folder lives that cannot be seen from here: in another container, where process ids are
 * others, or on another host that has the same folder. A server is started with a file of its folder open and locked; all of
 * its processes inherit that, and the kernel, or the file server, ends the lock with the last of them. Whether it was started
 * so stands in the options of the server, which it writes into its folder itself.
 */
final class ServerLock {

    /** An exit code that no failure of {@code flock} has. */
    private static final int TAKEN = 75;

    private static final Pattern HOST = Pattern.compile("loreley\\.host=([\\w.-]+)");
    private static final String LOCKED = "loreley.locked=on";
    /** A container that is being replaced has gone by then, and so has what a killed server left. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Path PROCESS_NAMESPACE = Path.of("/proc/self/ns/pid");

    private final Path data;
    private final Function<List<String>, Captured> run;

    /**
     * A lock that may be held.
     *
     * @param data an existing data folder
     * @param run runs a command as the user that the server runs as
     */
    ServerLock(Path data, Function<List<String>, Captured> run) {
        this.data = data;
        this.run = run;
    }

    /** What is known of the lock: whether somebody holds it; UNKNOWN where this machine or the file system has none. */
    private enum State {
        FREE,
        HELD,
        UNKNOWN
    }

    /**
     * How to start a server that holds the lock.
     *
     * @param prefix what to put before the command; nothing where there are no locks
     * @param options of the server
     */
    record Start(List<String> prefix, List<String> options) {
        Start {
            prefix = List.copyOf(prefix);
            options = List.copyOf(options);
        }
    }

    /**
     * Makes sure that no server lives which cannot be seen. That none lives which can be seen, the caller knows.
     *
     * @throws LoreleyException of kind CONFIGURATION if one does, or if that cannot be known
     */
    Start requireEnded() throws IOException {
        State state = look();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (state == State.HELD && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            state = look();
        }
        if (state == State.HELD) {
            throw refused(
                    "the embedded PostgreSQL of %s runs already, in another container or on another machine%s. Use Loreley there, or stop it there (loreley db stop)"
                            .formatted(data, startedOn()));
        }
        Path left = data.resolve("postmaster.pid");
        if (Files.exists(left) && !isDead(state)) {
            throw refused(
                    "%s is of a PostgreSQL that was started elsewhere or by an earlier version of Loreley%s, and whether it still runs cannot be told from here%s. Stop it there (loreley db stop); if it surely runs no more, remove that file"
                            .formatted(
                                    left,
                                    startedOn(),
                                    state == State.UNKNOWN
                                            ? " (the program flock, or locks of its file system, are missing)"
                                            : ""));
        }
        List<String> options = new ArrayList<>(List.of("loreley.host=" + host()));
        if (state == State.FREE) {
            options.add(LOCKED);
        }
        return new Start(state == State.FREE ? words().orElseThrow() : List.of(), options);
    }

    /** What was started with a lock is dead without. Otherwise process ids tell, where all of a host see the same. */
    private boolean isDead(State state) throws IOException {
        String written = options();
        Matcher host = HOST.matcher(written);
        return (state == State.FREE && written.contains(LOCKED))
                || (!Files.exists(PROCESS_NAMESPACE)
                        && host.find()
                        && host.group(1).equals(host()));
    }

    private State look() {
        return words().map(lock -> {
                    List<String> line = new ArrayList<>(lock);
                    line.add("true");
                    Captured answer = run.apply(line);
                    return switch (answer.exit()) {
                        case 0 -> State.FREE;
                        case TAKEN -> State.HELD;
                        default -> State.UNKNOWN;
                    };
                })
                .orElse(State.UNKNOWN);
    }

    /** Not on the data folder itself: over NFS only what can be written can be locked. */
    private Optional<List<String>> words() {
        return OrdinaryUser.program("flock")
                .map(flock -> List.of(
                        flock,
                        "-n",
                        "-E",
                        Integer.toString(TAKEN),
                        data.resolve("PG_VERSION").toString()));
    }

    private String startedOn() throws IOException {
        Matcher host = HOST.matcher(options());
        return host.find() ? ", started on host " + host.group(1) : "";
    }

    /** Those that the last server was started with. */
    private String options() throws IOException {
        Path file = data.resolve("postmaster.opts");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^\\w.-]", "_");
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static LoreleyException refused(String what) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                what
                        + ". Or set LORELEY_HOME to a folder of this machine's own, or DATABASE_URL to a PostgreSQL that several can reach (docs/machines.md).");
    }
}

package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Captured;
import io.loreley.process.Limits;
import io.loreley.process.OutputTail;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL in a folder of the user's, started when it is needed and shared by every process of that user. It
 * outlives us, is durable, listens on loopback only, and asks for a random password that lies in a file which only its
 * owner can read. Whoever opens it first starts it, under a file lock; killed by force, it recovers at the next start, on
 * the same port if that is free. While it runs in one container or on one host, it is refused in another that has the same
 * folder. Safe for many threads.
 */
public final class EmbeddedPostgres {

    /** Creating a data folder takes seconds; a busy machine may take a minute. */
    private static final Limits LIMITS = new Limits(Duration.ofMinutes(3), 1 << 20);

    private static final String DATABASE = "loreley";
    private static final String MAJOR = "18";
    /** A port may be taken between the look and the start. */
    private static final int START_ATTEMPTS = 3;
    /** Recovery after a crash replays at most five minutes of log, the default distance between checkpoints. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final int LOG_TAIL_BYTES = 1_500;

    /** After a crash, Linux flushes a file system at once; file by file took seconds. */
    private static final String CONFIGURATION =
            """

            # Loreley
            shared_buffers = 128MB
            max_connections = 100
            log_timezone = 'UTC'
            timezone = 'UTC'
            """ + (Files.isDirectory(Path.of("/proc/self")) ? "recovery_init_sync_method = syncfs\n" : "");

    /** A file lock keeps other processes out, and throws at other threads of this one. */
    private static final ReentrantLock ONE_THREAD = new ReentrantLock();

    private final Path folder;
    private final Path data;
    private final ProcessRunner processes;
    private final PostgresBinaries binaries;
    private final OrdinaryUser user;
    private final ServerLock lock;
    private final List<String> options;

    public EmbeddedPostgres(Path home, ProcessRunner processes) {
        this(home, processes, List.of());
    }

    /** With options of the server besides our own, each as {@code name=value}. */
    EmbeddedPostgres(Path home, ProcessRunner processes, List<String> options) {
        this.folder = home.toAbsolutePath().normalize().resolve("postgres");
        this.data = folder.resolve("data-" + MAJOR);
        this.processes = processes;
        this.binaries = new PostgresBinaries(folder);
        this.user = new OrdinaryUser(processes, folder);
        this.lock = new ServerLock(data, command -> run(null, command));
        this.options = List.copyOf(options);
    }

    /**
     * Attaches to the server, or starts it, creating its data folder the first time.
     *
     * @throws LoreleyException of kind STORAGE, DATABASE or CONFIGURATION that says why it cannot be started, and what to do;
     *     with nothing changed if it runs where it cannot be reached from here
     */
    public DatabaseUrl open() {
        return locked(() -> {
            Optional<Postmaster> running = settled();
            return url(running.isPresent() ? running.get().port() : start());
        });
    }

    public boolean isRunning() {
        return Postmaster.read(data).isPresent();
    }

    /**
     * Stops the server, breaking off the transactions at work. Stopping a stopped one changes nothing.
     *
     * @throws LoreleyException of kind CONFIGURATION if it runs where it cannot be stopped from here
     */
    public void stop() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        locked(() -> {
            if (settled().isPresent()) {
                expectSuccess(
                        pgCtl(List.of(), "stop", "-m", "fast", "-w", "-t", Long.toString(STOP_LIMIT.toSeconds())));
            } else if (Files.exists(pidFile())) {
                lock.requireEnded();
            }
            return true;
        });
    }

    private <T> T locked(Action<T> action) {
        ONE_THREAD.lock();
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                return action.run();
            }
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "the folder of the embedded PostgreSQL, %s, cannot be used: %s. Make it writable, set LORELEY_HOME to another folder, or set DATABASE_URL to another PostgreSQL."
                            .formatted(folder, reason(e)),
                    e);
        } finally {
            ONE_THREAD.unlock();
        }
    }

    /** The server once it has started or stopped: who started it may have died meanwhile, who stops it may not wait. */
    private Optional<Postmaster> settled() {
        await(
                "the embedded PostgreSQL to start or stop",
                START_LIMIT,
                () -> Postmaster.read(data).map(Postmaster::isReady).orElse(true));
        return Postmaster.read(data);
    }

    private int start() throws IOException {
        if (!Files.exists(data)) {
            refuseOtherMajor();
            initialise();
        }
        requireSameMajor();
        // Processes of a server whose first was killed still write to its shared memory.
        await("the processes of the last PostgreSQL to end", STOP_LIMIT, () -> !binaries.areRunning());
        ServerLock.Start start = lock.requireEnded();
        // PostgreSQL takes any living process of that number for itself, one that inherited the number included.
        Files.deleteIfExists(pidFile());
        Captured last = null;
        for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
            int port = attempt == 0 ? rememberedPort() : freePort(0);
            last = pgCtl(
                    start.prefix(),
                    "start",
                    "-w",
                    "-t",
                    Long.toString(START_LIMIT.toSeconds()),
                    "-l",
                    log().toString(),
                    "-o",
                    serverOptions(port, start.options()));
            if (last.success()) {
                Files.writeString(folder.resolve("port"), Integer.toString(port));
                return port;
            }
        }
        throw didNotStart(last);
    }

    private String serverOptions(int port, List<String> marks) {
        var settings = new StringJoiner(" -c ", "-p %d -c ".formatted(port), "");
        settings.add("listen_addresses=127.0.0.1").add("unix_socket_directories=");
        marks.forEach(settings::add);
        options.forEach(settings::add);
        return settings.toString();
    }

    private LoreleyException didNotStart(@Nullable Captured last) {
        String end = OutputTail.read(log(), LOG_TAIL_BYTES);
        return failed("the embedded PostgreSQL did not start: %s%nThe end of its log, %s:%n%s"
                .formatted(last == null ? "" : last.describe(), log(), end));
    }

    /** Made beside and moved into place, with our database in it, so that a data folder is always whole. */
    private void initialise() throws IOException {
        Path unfinished = folder.resolve("data-%s-unfinished".formatted(MAJOR));
        Folders.delete(unfinished);
        Path passwordFile = new PasswordFile(folder).create();
        expectSuccess(run(
                null,
                "initdb",
                "-D",
                unfinished.toString(),
                "-U",
                PasswordFile.USER,
                "--pwfile",
                passwordFile.toString(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions"));
        Files.writeString(unfinished.resolve("postgresql.conf"), CONFIGURATION, StandardOpenOption.APPEND);
        expectSuccess(run(
                "CREATE DATABASE " + DATABASE + "\n", "postgres", "--single", "-D", unfinished.toString(), "postgres"));
        Files.move(unfinished, data);
    }

    /** A new data folder beside an old one would look like a lost experiment. */
    private void refuseOtherMajor() throws IOException {
        try (var folders = Files.newDirectoryStream(folder, "data-[0-9][0-9]")) {
            for (Path other : folders) {
                throw new LoreleyException(
                        FailureKind.DATABASE,
                        "%s was made by another major version of PostgreSQL, and this version of Loreley brings %s. It is left untouched: dump it with the Loreley that made it, or move it away to begin anew."
                                .formatted(other, MAJOR));
            }
        }
    }

    private void requireSameMajor() throws IOException {
        String version = Files.readString(data.resolve("PG_VERSION")).strip();
        if (!version.equals(MAJOR)) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "%s was made by PostgreSQL %s, and this version of Loreley brings %s; the folder is left untouched."
                            .formatted(data, version, MAJOR));
        }
    }

    /** Connections of processes at work find a server that was started anew only on its old port. */
    private int rememberedPort() throws IOException {
        try {
            return freePort(Integer.parseInt(Files.readString(folder.resolve("port"))));
        } catch (NoSuchFileException | NumberFormatException e) {
            return freePort(0);
        }
    }

    private static int freePort(int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (java.net.BindException e) {
            return freePort(0);
        }
    }

    private DatabaseUrl url(int port) throws IOException {
        return new DatabaseUrl(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE),
                PasswordFile.USER,
                new PasswordFile(folder).read());
    }

    /** @param prefix what to put before it */
    private Captured pgCtl(List<String> prefix, String... arguments) {
        binaries.unpack();
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of(binaries.program("pg_ctl").toString(), "-D", data.toString()));
        line.addAll(List.of(arguments));
        return run(null, line);
    }

    private Captured run(@Nullable String input, String program, String... arguments) {
        binaries.unpack();
        List<String> line = new ArrayList<>(List.of(binaries.program(program).toString()));
        line.addAll(List.of(arguments));
        return run(input, line);
    }

    /** Whoever it is that the server runs as. */
    private Captured run(@Nullable String input, List<String> command) {
        List<String> line = new ArrayList<>(user.prefix());
        line.addAll(command);
        Map<String, String> environment = new TreeMap<>(BaseEnvironment.of(System.getenv(), List.of()));
        environment.put("LC_ALL", "C");
        return processes.answer(line, folder, environment, input, LIMITS);
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    private Path log() {
        return folder.resolve("server.log");
    }

    private static void await(String what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new LoreleyException(FailureKind.INTERRUPTED, "interrupted while waiting for " + what);
            }
            if (System.nanoTime() > deadline) {
                throw new LoreleyException(
                        FailureKind.DATABASE, "waited %d s for %s, in vain".formatted(limit.toSeconds(), what));
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private void expectSuccess(Captured captured) {
        if (!captured.success()) {
            throw failed("the embedded PostgreSQL failed: " + captured.describe());
        }
    }

    private LoreleyException failed(String what) {
        return isDiskFull(what)
                ? new LoreleyException(
                        FailureKind.STORAGE,
                        "the disk of %s is full. Free some space, or set LORELEY_HOME to another folder; %s"
                                .formatted(folder, what))
                : new LoreleyException(FailureKind.DATABASE, what);
    }

    private static boolean isDiskFull(String text) {
        return text.contains("No space left on device");
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied for " + denied.getFile();
            case NoSuchFileException missing -> missing.getFile() + " is missing";
            case FileSystemException failed
            when failed.getReason() == null ->
                "%s is in the way (%s)"
                        .formatted(failed.getFile(), failed.getClass().getSimpleName());
            default -> String.valueOf(e.getMessage());
        };
    }

    private interface Action<T> {
        T run() throws IOException;
    }
}

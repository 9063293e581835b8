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
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A real PostgreSQL in a folder of the user's, started when it is needed and shared by every process of that user. It
 * outlives us, is durable, listens on loopback only, and asks for a random password that lies in a file which only its
 * owner can read. Whoever opens it first starts it, under a file lock; killed by force, it recovers at the next start.
 */
public final class EmbeddedPostgres {

    private static final String USER = "loreley";
    private static final String DATABASE = "loreley";
    private static final String MAJOR = "18";
    private static final Limits LIMITS = new Limits(Duration.ofMinutes(3), 1 << 20);
    private static final int CONNECT_MILLIS = 1_000;
    private static final int PASSWORD_BYTES = 24;

    private final Path folder;
    private final Path data;
    private final ProcessRunner processes;
    private final PostgresBinaries binaries;

    public EmbeddedPostgres(Path home, ProcessRunner processes) {
        this.folder = home.toAbsolutePath().normalize().resolve("postgres");
        this.data = folder.resolve("data-" + MAJOR);
        this.processes = processes;
        this.binaries = new PostgresBinaries(folder);
    }

    /**
     * Attaches to the server, or starts it, creating its data folder the first time.
     *
     * @throws LoreleyException of kind STORAGE or DATABASE that says why it cannot be started, and what to do
     */
    public DatabaseUrl open() {
        try {
            Files.createDirectories(folder);
            try (FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                OptionalInt port = runningPort();
                return url(port.isPresent() ? port.getAsInt() : start());
            }
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "the folder of the embedded PostgreSQL, %s, cannot be used: %s. Make it writable, or set LORELEY_HOME to another folder."
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    public boolean isRunning() {
        return runningPort().isPresent();
    }

    /** Stops the server after its transactions at work were ended. Stopping a stopped one changes nothing. */
    public void stop() {
        if (isRunning()) {
            expectSuccess(pgCtl(List.of("stop", "-m", "fast", "-w", "-t", "30")));
        }
    }

    private int start() throws IOException {
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            initialise();
        }
        requireSameMajor();
        int port = freePort();
        String options = "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=".formatted(port);
        Captured started = pgCtl(List.of(
                "start", "-w", "-t", "60", "-l", folder.resolve("server.log").toString(), "-o", options));
        if (!started.success()) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "the embedded PostgreSQL did not start: %s%nThe end of its log, %s:%n%s"
                            .formatted(
                                    started.describe(),
                                    folder.resolve("server.log"),
                                    OutputTail.read(folder.resolve("server.log"), 1_500)));
        }
        createDatabase(port);
        return port;
    }

    private void initialise() throws IOException {
        binaries.unpack();
        Path passwordFile = folder.resolve("password");
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, HexFormat.of().formatHex(random));
        expectSuccess(run(
                "initdb",
                List.of(
                        "-D",
                        data.toString(),
                        "-U",
                        USER,
                        "--pwfile",
                        passwordFile.toString(),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--locale=C.UTF-8",
                        "--no-instructions")));
        Files.writeString(data.resolve("postgresql.conf"), """

                # Loreley
                shared_buffers = 128MB
                max_connections = 100
                log_timezone = 'UTC'
                timezone = 'UTC'
                """, StandardOpenOption.APPEND);
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

    /** The port of the server that is alive and answers, from the file that it keeps. */
    private OptionalInt runningPort() {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            if (lines.size() < 4) {
                return OptionalInt.empty();
            }
            boolean alive = ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                    .map(ProcessHandle::isAlive)
                    .orElse(false);
            int port = Integer.parseInt(lines.get(3).strip());
            return alive && answers(port) ? OptionalInt.of(port) : OptionalInt.empty();
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void createDatabase(int port) throws IOException {
        DatabaseUrl url = url(port);
        String maintenance = url.jdbc().replaceFirst("/" + DATABASE + "$", "/postgres");
        try (var connection = DriverManager.getConnection(maintenance, url.user(), url.password());
                var statement = connection.createStatement()) {
            boolean exists;
            try (var rows = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                exists = rows.next();
            }
            if (!exists) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        } catch (SQLException e) {
            throw new LoreleyException(FailureKind.DATABASE, SqlErrors.cannotConnect(url, e), e);
        }
    }

    private DatabaseUrl url(int port) throws IOException {
        String password = Files.readString(folder.resolve("password")).strip();
        return new DatabaseUrl("jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE), USER, password);
    }

    private Captured pgCtl(List<String> arguments) {
        binaries.unpack();
        List<String> line = new ArrayList<>(List.of("-D", data.toString()));
        line.addAll(arguments);
        return run("pg_ctl", line);
    }

    private Captured run(String program, List<String> arguments) {
        List<String> line = new ArrayList<>(asOrdinaryUser());
        line.add(binaries.program(program).toString());
        line.addAll(arguments);
        Map<String, String> environment = new TreeMap<>(BaseEnvironment.of(System.getenv(), List.of()));
        environment.put("LC_ALL", "C");
        return capture(line, environment);
    }

    private Captured capture(List<String> line, Map<String, String> environment) {
        try {
            return processes.capture(line, folder, environment, null, LIMITS);
        } catch (InterruptedException e) {
            throw new LoreleyException(
                    FailureKind.INTERRUPTED, "told to stop while the embedded PostgreSQL was starting", e);
        }
    }

    /** PostgreSQL refuses to run as root. In a user namespace of its own, root is nobody, and still owns its files. */
    private List<String> asOrdinaryUser() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        List<String> prefix = List.of("unshare", "--user");
        List<String> probe = new ArrayList<>(prefix);
        probe.add("true");
        if (!capture(probe, BaseEnvironment.of(System.getenv(), List.of())).success()) {
            throw new LoreleyException(
                    FailureKind.DATABASE,
                    "PostgreSQL does not run as root, and this machine allows no user namespaces (unshare --user failed). "
                            + "Run Loreley as an ordinary user, or set DATABASE_URL to a PostgreSQL that runs elsewhere.");
        }
        return prefix;
    }

    private static void expectSuccess(Captured captured) {
        if (!captured.success()) {
            throw new LoreleyException(FailureKind.DATABASE, "the embedded PostgreSQL failed: " + captured.describe());
        }
    }
}

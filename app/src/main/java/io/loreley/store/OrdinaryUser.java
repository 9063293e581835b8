package io.loreley.store;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How to start PostgreSQL, which refuses to run as root. In a user namespace of its own root is nobody, and still owns its
 * files; where namespaces are blocked, as in most containers, the folder is given to {@code nobody}.
 */
final class OrdinaryUser {

    private static final Limits LIMITS = new Limits(Duration.ofMinutes(1), 1 << 16);

    private static final String NOBODY = "nobody";

    private final ProcessRunner processes;
    private final Path folder;

    OrdinaryUser(ProcessRunner processes, Path folder) {
        this.processes = processes;
        this.folder = folder;
    }

    /** What to put before a command; nothing for who is not root. */
    List<String> prefix() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        return namespace()
                .or(this::switched)
                .orElseThrow(() -> new LoreleyException(
                        FailureKind.DATABASE,
                        "PostgreSQL does not run as root; this machine allows no user namespaces (unshare --user), and the user '%s' cannot use %s (runuser). Set LORELEY_HOME to a folder that every user may enter, such as /var/lib/loreley, run as an ordinary user, or set DATABASE_URL to another PostgreSQL."
                                .formatted(NOBODY, folder)));
    }

    private Optional<List<String>> namespace() {
        return program("unshare").map(unshare -> List.of(unshare, "--user")).filter(prefix -> succeeds(prefix, "true"));
    }

    Optional<List<String>> switched() {
        return program("runuser")
                .map(runuser -> List.of(runuser, "-u", NOBODY, "--"))
                .filter(prefix -> succeeds(List.of(), "chown", "-R", NOBODY, folder.toString())
                        && succeeds(prefix, "test", "-w", folder.toString()));
    }

    private boolean succeeds(List<String> prefix, String... command) {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of(command));
        return processes
                .answer(line, folder, BaseEnvironment.of(System.getenv(), List.of()), null, LIMITS)
                .success();
    }

    /** The PATH of a service often lacks the folders of the system's own programs. */
    static Optional<String> program(String name) {
        return Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}

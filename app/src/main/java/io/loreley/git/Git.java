package io.loreley.git;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Captured;
import io.loreley.process.Limits;
import io.loreley.process.LongLived;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs git: in Loreley's own repositories shielded from everybody's configuration, in the user's with theirs. */
final class Git {

    /** What ssh, credential helpers and proxies need when git talks to the user's repository. */
    private static final List<String> FOR_REMOTES = List.of(
            "SSH_AUTH_SOCK",
            "SSH_AGENT_PID",
            "GIT_SSH",
            "GIT_SSH_COMMAND",
            "GIT_ASKPASS",
            "SSH_ASKPASS",
            "GIT_SSL_CAINFO",
            "XDG_CONFIG_HOME",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "ALL_PROXY");

    /** How git, in the language C, says that the disk is full. */
    private static final List<String> NO_ROOM = List.of("No space left on device", "Disk quota exceeded");

    /** A fetch of a large repository may take long; its listing is large. */
    private static final Limits LIMITS = new Limits(Duration.ofMinutes(30), 1L << 30);

    /** Whose folder it is has been decided by whoever named it to us, also for the git at the other end of a local path. */
    private static final String ANY_OWNER = "git -c safe.directory=*";

    /** What asks the git at the other end of a local path to send. */
    static final String UPLOAD_PACK = "--upload-pack=" + ANY_OWNER + " upload-pack";
    /** What asks the git at the other end of a local path to receive. */
    static final String RECEIVE_PACK = "--receive-pack=" + ANY_OWNER + " receive-pack";

    private final ProcessRunner processes;
    private final Path directory;
    private final Map<String, String> environment;

    private Git(ProcessRunner processes, Path directory, Map<String, String> environment) {
        this.processes = processes;
        this.directory = directory;
        this.environment = environment;
    }

    /** Git in a bare repository of ours: no system or user configuration, no hooks, no signing. */
    static Git own(ProcessRunner processes, Path repository) {
        Map<String, String> environment = new TreeMap<>(BaseEnvironment.of(System.getenv(), List.of()));
        environment.put("GIT_DIR", repository.toString());
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        return new Git(processes, repository, common(environment));
    }

    /** Git in a folder of the user's, as the user. */
    static Git theirs(ProcessRunner processes, Path folder) {
        return new Git(processes, folder, common(new TreeMap<>(BaseEnvironment.of(System.getenv(), FOR_REMOTES))));
    }

    private static Map<String, String> common(Map<String, String> environment) {
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_OPTIONAL_LOCKS", "0");
        environment.put("LC_ALL", "C");
        environment.put("GIT_CONFIG_COUNT", "1");
        environment.put("GIT_CONFIG_KEY_0", "safe.directory");
        environment.put("GIT_CONFIG_VALUE_0", "*");
        return environment;
    }

    Git with(Map<String, String> more) {
        Map<String, String> merged = new TreeMap<>(environment);
        merged.putAll(more);
        return new Git(processes, directory, merged);
    }

    /** The answer of a command that must succeed. */
    String run(String... arguments) {
        return captured(null, arguments).text().strip();
    }

    /** The answer, every byte of it, of a command that must succeed. */
    String output(String... arguments) {
        return captured(null, arguments).text();
    }

    String runWithInput(String input, String... arguments) {
        return captured(input, arguments).text().strip();
    }

    /** The answer of a command whose failure means something. */
    Captured attempt(String... arguments) {
        return capture(null, arguments);
    }

    LongLived open(String... arguments) {
        return processes.open(line(arguments), directory, environment);
    }

    private Captured captured(@Nullable String input, String... arguments) {
        Captured captured = capture(input, arguments);
        if (!captured.success()) {
            throw failure(captured);
        }
        return captured;
    }

    static LoreleyException failure(Captured captured) {
        boolean isFull = NO_ROOM.stream().anyMatch(captured.error()::contains);
        return new LoreleyException(
                isFull ? FailureKind.STORAGE : FailureKind.GIT, "git failed: " + captured.describe());
    }

    private Captured capture(@Nullable String input, String... arguments) {
        return processes.answer(line(arguments), directory, environment, input, LIMITS);
    }

    private static List<String> line(String... arguments) {
        List<String> line = new ArrayList<>(arguments.length + 1);
        line.add("git");
        line.addAll(List.of(arguments));
        return line;
    }
}

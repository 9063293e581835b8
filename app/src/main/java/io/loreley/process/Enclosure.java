package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The words that stand before a command to keep it in. In a namespace of its own a small shell is process 1, because the
 * kernel spares process 1 from signals it does not handle; when it ends, for whatever reason, so does all that it started.
 *
 * @param words empty where nothing encloses the command
 * @param isTight whether nothing can outlive the command
 */
record Enclosure(List<String> words, boolean isTight) {

    private static final Enclosure OPEN = new Enclosure(List.of(), false);

    private static final List<String> NAMESPACE = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
    private static final List<String> AS_ORDINARY_USER = List.of("--user", "--map-current-user");
    private static final String NO_NETWORK = "--net";
    private static final String BWRAP_NO_NETWORK = "--unshare-net";

    private static final String INIT = "\"$@\"; exit $?";
    /** A new network has a loopback that is down; many test suites want one. Without ip it stays down. */
    private static final String INIT_WITH_LOOPBACK = "ip link set lo up 2>/dev/null; " + INIT;

    private static final long PROBE_SECONDS = 10;

    Enclosure {
        words = List.copyOf(words);
    }

    /**
     * What a kind of isolation comes to on this machine.
     *
     * @throws LoreleyException of kind CONFIGURATION if bubblewrap is asked for and cannot be used
     */
    static Enclosure of(Isolation isolation) {
        return switch (isolation.kind()) {
            case NONE -> OPEN;
            case NAMESPACE ->
                isolation.network() ? Machine.NAMESPACE : Machine.WITHOUT_NETWORK.orElse(Machine.NAMESPACE);
            case BWRAP -> bubblewrap(isolation);
        };
    }

    /** What {@link #of} leaves open that the isolation would close, in words. */
    static Optional<String> shortfall(Isolation isolation) {
        Enclosure enclosure = of(isolation);
        List<String> open = new ArrayList<>();
        switch (isolation.kind()) {
            case NAMESPACE -> {
                if (!enclosure.isTight()) {
                    open.add("what they start may outlive them");
                }
                if (!isolation.network() && Machine.WITHOUT_NETWORK.isEmpty()) {
                    open.add("they reach the network");
                }
            }
            case NONE -> {
                if (!isolation.network()) {
                    open.add("they reach the network");
                }
            }
            case BWRAP -> {}
        }
        return open.isEmpty() ? Optional.empty() : Optional.of(String.join(", and ", open));
    }

    private static Enclosure bubblewrap(Isolation isolation) {
        if (!(isolation.network() ? Machine.BUBBLEWRAP : Machine.BUBBLEWRAP_OFFLINE)) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "isolation: bwrap needs bubblewrap, which is not installed or not allowed here%s. Install the package "
                                    .formatted(isolation.network() ? "" : " to cut the network")
                            + "bubblewrap and allow user namespaces, or choose another isolation.");
        }
        List<String> words = new ArrayList<>(Machine.BWRAP);
        if (!isolation.network()) {
            words.add(BWRAP_NO_NETWORK);
        }
        for (Path path : isolation.writable()) {
            words.addAll(List.of("--bind", path.toString(), path.toString()));
        }
        words.add("--");
        return new Enclosure(words, true);
    }

    /** What this machine allows, found out by trying, once. */
    private static final class Machine {

        private static final List<String> BWRAP = List.of(
                "bwrap",
                "--unshare-pid",
                "--die-with-parent",
                // Root could make the file system writable again.
                "--cap-drop",
                "ALL",
                "--ro-bind",
                "/",
                "/",
                "--dev",
                "/dev",
                "--proc",
                "/proc");

        static final boolean BUBBLEWRAP =
                works(Stream.concat(BWRAP.stream(), Stream.of("--")).toList());
        static final boolean BUBBLEWRAP_OFFLINE = works(
                Stream.concat(BWRAP.stream(), Stream.of(BWRAP_NO_NETWORK, "--")).toList());
        static final Enclosure NAMESPACE = firstThatWorks(INIT).orElse(OPEN);
        static final Optional<Enclosure> WITHOUT_NETWORK = firstThatWorks(INIT_WITH_LOOPBACK, NO_NETWORK);

        private static Optional<Enclosure> firstThatWorks(String init, String... more) {
            return Stream.of(List.<String>of(), AS_ORDINARY_USER)
                    .map(user -> Stream.of(
                                    Enclosure.NAMESPACE, user, List.of(more), List.of("--", "sh", "-c", init, "sh"))
                            .flatMap(List::stream)
                            .toList())
                    .filter(Machine::works)
                    .findFirst()
                    .map(words -> new Enclosure(words, true));
        }

        private static boolean works(List<String> words) {
            Optional<Path> program = Launcher.SYSTEM_FOLDERS.stream()
                    .map(folder -> folder.resolve(words.getFirst()))
                    .filter(Files::isExecutable)
                    .findFirst();
            if (program.isEmpty()) {
                return false;
            }
            List<String> line = new ArrayList<>(words);
            line.add("true");
            try {
                Process process = new ProcessBuilder(line)
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start();
                boolean ended = process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS);
                process.destroyForcibly();
                return ended && process.exitValue() == 0;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}

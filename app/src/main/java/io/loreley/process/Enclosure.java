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
import org.jspecify.annotations.Nullable;

/**
 * What stands before a command to keep it in. In a namespace of its own a small shell is process 1, because the kernel
 * spares process 1 from signals it does not handle; when it ends, for whatever reason, so does all that it started.
 *
 * @param prefix the words that make the enclosure, the first of them a file; empty where nothing encloses the command
 * @param shell what a shell does inside before and after the command
 * @param isTight whether nothing can outlive the command
 */
record Enclosure(List<String> prefix, Shell shell, boolean isTight) {

    static final String SHELL = "/bin/sh";

    private static final Enclosure OPEN = new Enclosure(List.of(), Shell.NONE, false);

    private static final List<String> NAMESPACE = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
    private static final List<String> AS_ORDINARY_USER = List.of("--user", "--map-current-user");
    private static final String NO_NETWORK = "--net";
    private static final String HIDDEN_IS_SEEN = "they can read what bubblewrap would hide, such as a hold-out";

    /** A shell counts a file's size in these. */
    private static final int BLOCK_BYTES = 512;

    private static final long PROBE_SECONDS = 10;

    Enclosure {
        prefix = List.copyOf(prefix);
    }

    /** What a shell inside has to do. */
    enum Shell {
        /** Nothing: the command may take its place. */
        NONE("", "exec \"$@\""),
        /** Be process 1. */
        INIT("", "\"$@\"; exit $?"),
        /** Besides, a new network has a loopback that is down; many test suites want one. Without ip it stays down. */
        INIT_WITH_LOOPBACK("ip link set lo up 2>/dev/null; ", "\"$@\"; exit $?");

        private final String before;
        private final String command;

        Shell(String before, String command) {
            this.before = before;
            this.command = command;
        }
    }

    /**
     * The words before the command's own.
     *
     * @param fileBytes the kernel's limit on the size of a file; where one that is lower is in force already, that one stays
     */
    List<String> words(@Nullable Long fileBytes) {
        if (fileBytes == null && shell == Shell.NONE) {
            return prefix;
        }
        String limit =
                fileBytes == null ? "" : "ulimit -f %d 2>/dev/null; ".formatted(Math.ceilDiv(fileBytes, BLOCK_BYTES));
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of(SHELL, "-c", limit + shell.before + shell.command, "sh"));
        return words;
    }

    /**
     * What a kind of isolation comes to on this machine.
     *
     * @throws LoreleyException of kind CONFIGURATION if bubblewrap is asked for and cannot be used
     */
    static Enclosure of(Isolation isolation) {
        return switch (isolation.kind()) {
            case NONE -> OPEN;
            case NAMESPACE -> {
                if (Machine.isVeiled(isolation)) {
                    yield Machine.bubblewrap(Machine.VEIL, isolation);
                }
                yield isolation.network() ? Machine.NAMESPACE : Machine.WITHOUT_NETWORK.orElse(Machine.NAMESPACE);
            }
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
                boolean isVeiled = Machine.isVeiled(isolation);
                if (!isolation.network() && !isVeiled && Machine.WITHOUT_NETWORK.isEmpty()) {
                    open.add("they reach the network");
                }
                if (!isolation.hidden().isEmpty() && !isVeiled) {
                    open.add(HIDDEN_IS_SEEN);
                }
            }
            case NONE -> {
                if (!isolation.network()) {
                    open.add("they reach the network");
                }
                if (!isolation.hidden().isEmpty()) {
                    open.add(HIDDEN_IS_SEEN);
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
        return Machine.bubblewrap(Machine.WALL, isolation);
    }

    /** What this machine allows, found out by trying, once. */
    private static final class Machine {

        private static final List<String> BWRAP = List.of("bwrap", "--unshare-pid", "--die-with-parent");
        /** Everything is read-only; root could change that. */
        static final List<String> WALL =
                List.of("--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc");
        /** Everything is as it is, but for what is hidden; root could look behind that. */
        static final List<String> VEIL = List.of(
                "--cap-drop",
                "CAP_SYS_ADMIN",
                "--cap-drop",
                "CAP_SYS_PTRACE",
                "--cap-drop",
                "CAP_MKNOD",
                "--dev-bind",
                "/",
                "/",
                "--proc",
                "/proc");

        static final boolean BUBBLEWRAP = works(bubblewrap(WALL, plain(true)));
        static final boolean BUBBLEWRAP_OFFLINE = works(bubblewrap(WALL, plain(false)));
        static final Enclosure NAMESPACE = firstThatWorks(Shell.INIT).orElse(OPEN);
        static final Optional<Enclosure> WITHOUT_NETWORK = firstThatWorks(Shell.INIT_WITH_LOOPBACK, NO_NETWORK);

        /** Whether an isolation of kind NAMESPACE hides something, and can. */
        static boolean isVeiled(Isolation isolation) {
            return !isolation.hidden().isEmpty() && (isolation.network() ? Veil.WORKS : Veil.WORKS_OFFLINE);
        }

        /** Apart, because only a hold-out asks. */
        private static final class Veil {
            static final boolean WORKS = works(bubblewrap(VEIL, plain(true)));
            static final boolean WORKS_OFFLINE = works(bubblewrap(VEIL, plain(false)));
        }

        private static Isolation plain(boolean network) {
            return new Isolation(Isolation.Kind.BWRAP, network, List.of());
        }

        static Enclosure bubblewrap(List<String> root, Isolation isolation) {
            List<String> line = words(BWRAP);
            line.addAll(root);
            if (!isolation.network()) {
                line.add("--unshare-net");
            }
            for (Path path : isolation.writable()) {
                line.addAll(List.of("--bind", path.toString(), path.toString()));
            }
            for (Path path : isolation.hidden()) {
                if (Files.isDirectory(path)) {
                    line.addAll(List.of("--tmpfs", path.toString()));
                } else if (Files.exists(path)) { // one that is not there would be made, in the true folder
                    line.addAll(List.of("--ro-bind", "/dev/null", path.toString()));
                }
            }
            line.add("--");
            return new Enclosure(line, Shell.NONE, true);
        }

        private static Optional<Enclosure> firstThatWorks(Shell shell, String... more) {
            return Stream.of(List.<String>of(), AS_ORDINARY_USER)
                    .map(user -> Stream.of(words(Enclosure.NAMESPACE), user, List.of(more), List.of("--"))
                            .flatMap(List::stream)
                            .toList())
                    .map(prefix -> new Enclosure(prefix, shell, true))
                    .filter(Machine::works)
                    .findFirst();
        }

        /** With the system's own program, whatever the PATH says. If there is none, the probe finds that out. */
        private static List<String> words(List<String> line) {
            List<String> words = new ArrayList<>(line);
            words.set(0, Launcher.systemProgram(line.getFirst()).toString());
            return words;
        }

        private static boolean works(Enclosure enclosure) {
            List<String> line = new ArrayList<>(enclosure.words(null));
            line.add("true");
            if (!Files.isExecutable(Path.of(line.getFirst()))) {
                return false;
            }
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

package io.loreley.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/**
 * Processes that left their command's group by a session of their own, and still carry its mark in their environment.
 * Linux only: elsewhere none are found. One that also wiped its environment is not found either.
 *
 * <p>Reading the environment of every process costs 10 ms and more, so after a short command only those are looked at
 * that can have been born since: the kernel hands out process numbers in turn, and tells the last one.
 */
final class Escapees {

    private static final Path PROC = Path.of("/proc");

    /** A killed process keeps its environment for a moment; a forking one may have left a child. Look again, so often. */
    private static final int ROUNDS = 40;

    private static final long PAUSE_NANOS = 1_000_000;

    private final String entry;

    Escapees(String mark) {
        this.entry = "\0" + ProcessRunner.MARK + "=" + mark;
    }

    /** Kills all of them and returns how many there were. */
    int end() {
        return end(pid -> true);
    }

    /** The same for a command that began a moment ago with process number {@code first}. */
    int endBornSince(long first) {
        long last = lastBorn();
        if (last < 0) {
            return 0;
        }
        return first <= last ? end(pid -> pid > first && pid <= last) : end(pid -> pid > first || pid <= last);
    }

    private int end(LongPredicate born) {
        Set<Long> ended = new HashSet<>();
        for (int round = 0; round < ROUNDS && endOnce(born, ended); round++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            born = pid -> true;
        }
        return ended.size();
    }

    private boolean endOnce(LongPredicate born, Set<Long> ended) {
        boolean found = false;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, Escapees::isProcess)) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (born.test(pid) && isMarked(process) && ProcessGroup.kill(pid)) {
                    ended.add(pid);
                    found = true;
                }
            }
        } catch (IOException e) {
            return false; // no /proc: not Linux
        }
        return found;
    }

    private boolean isMarked(Path process) {
        try {
            var environment =
                    "\0" + new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
            int at = environment.indexOf(entry);
            int end = at + entry.length();
            return at >= 0
                    && (end == environment.length()
                            || environment.charAt(end) == '\0'
                            || environment.charAt(end) == '.');
        } catch (IOException e) {
            return false; // gone meanwhile, or another user's
        }
    }

    private static boolean isProcess(Path entry) {
        String name = entry.getFileName().toString();
        char first = name.charAt(0);
        return first >= '1'
                && first <= '9'
                && Long.parseLong(name) != ProcessHandle.current().pid();
    }

    /** The fifth word of loadavg; -1 where there is none. */
    private static long lastBorn() {
        try {
            String load = Files.readString(PROC.resolve("loadavg")).strip();
            return Long.parseLong(load.substring(load.lastIndexOf(' ') + 1));
        } catch (IOException e) {
            return -1;
        }
    }
}

package io.loreley.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Finds processes by the mark in their environment: those that left their group by starting a session of their own. Linux
 * only; elsewhere the group is all that is known.
 */
final class MarkedProcesses {

    private static final Path PROC = Path.of("/proc");
    /** A process may fork while the list is read; what it forks is found in the next round. */
    private static final int ROUNDS = 5;

    private MarkedProcesses() {}

    /** Kills what carries the mark. */
    static void kill(String mark) {
        byte[] entry = (ProcessRunner.MARK + "=" + mark).getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < ROUNDS && killOnce(entry) > 0; round++) {
            // until a round finds nothing
        }
    }

    private static int killOnce(byte[] entry) {
        int killed = 0;
        if (!Files.isDirectory(PROC)) {
            return 0;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (carries(process, entry)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(ProcessHandle::destroyForcibly);
                    killed++;
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot list " + PROC, e);
        }
        return killed;
    }

    /** A process that ended meanwhile, that belongs to somebody else, or that is a zombie carries nothing. */
    private static boolean carries(Path process, byte[] entry) {
        try {
            return contains(Files.readAllBytes(process.resolve("environ")), entry);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean contains(byte[] environment, byte[] entry) {
        int start = 0;
        while (start < environment.length) {
            int end = start;
            while (end < environment.length && environment[end] != 0) {
                end++;
            }
            if (Arrays.equals(environment, start, end, entry, 0, entry.length)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }
}

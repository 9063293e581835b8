package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files that a command prints to, made anew and held open from before its start until it has ended: a program that can
 * write beside them may remove or replace them, and what is counted and cut is still what it printed, and nothing else.
 * For one thread.
 */
final class OutputFiles implements AutoCloseable {

    private final Command command;
    // Not channels, which an interrupt closes.
    private final RandomAccessFile stdout;
    private final RandomAccessFile stderr;

    private OutputFiles(Command command, RandomAccessFile stdout, RandomAccessFile stderr) {
        this.command = command;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** @throws LoreleyException with kind STORAGE if they cannot be made */
    static OutputFiles of(Command command) {
        RandomAccessFile stdout = make(command.stdout());
        try {
            return new OutputFiles(command, stdout, isShared(command) ? stdout : make(command.stderr()));
        } catch (LoreleyException e) {
            close(stdout);
            throw e;
        }
    }

    private static boolean isShared(Command command) {
        return command.stdout().equals(command.stderr());
    }

    /** Not overwritten: what is there may be a link to another's file, or a pipe that nobody reads. */
    private static RandomAccessFile make(Path file) {
        try {
            Files.deleteIfExists(file);
            return new RandomAccessFile(Files.createFile(file).toFile(), "rw");
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "The output file %s cannot be written: no such folder, or no right (%s)"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** On both streams together. */
    long bytes() {
        try {
            return stdout == stderr ? stdout.length() : stdout.length() + stderr.length();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Cuts them to so many bytes together, of standard error first. */
    void cut(long bytes) {
        try {
            truncate(stderr, bytes);
            if (stdout != stderr) {
                truncate(stdout, bytes - stderr.length());
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static void truncate(RandomAccessFile file, long bytes) throws IOException {
        if (file.length() > bytes) {
            file.setLength(bytes);
        }
    }

    private LoreleyException unusable(IOException e) {
        return new LoreleyException(
                FailureKind.STORAGE,
                "The output files of '%s' cannot be used: %s"
                        .formatted(command.arguments().getFirst(), e.getMessage()),
                e);
    }

    @Override
    public void close() {
        close(stdout);
        close(stderr);
    }

    private static void close(RandomAccessFile file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "An output file cannot be closed: " + e.getMessage(), e);
        }
    }
}

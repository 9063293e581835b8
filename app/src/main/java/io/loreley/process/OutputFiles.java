package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The files that a command prints to, made anew and held open from before its start until it has ended: a program that can
 * write beside them may remove or replace them, and what is counted and cut is still what it printed, and nothing else.
 * For one thread.
 */
final class OutputFiles implements AutoCloseable {

    /** Standard error first, of which more is kept; one file if the streams share it. Not channels: an interrupt closes those. */
    private final List<RandomAccessFile> files = new ArrayList<>();

    private OutputFiles() {}

    /** @throws LoreleyException with kind STORAGE if they cannot be made */
    static OutputFiles of(Command command) {
        OutputFiles made = new OutputFiles();
        Set<Path> names = new LinkedHashSet<>(List.of(command.stderr()));
        names.add(command.stdout());
        for (Path name : names) {
            try {
                // Not overwritten: what is there may be a link to another's file, or a pipe that nobody reads.
                Files.deleteIfExists(name);
                made.files.add(new RandomAccessFile(Files.createFile(name).toFile(), "rw"));
            } catch (IOException e) {
                made.close();
                throw new LoreleyException(
                        FailureKind.STORAGE,
                        "The output file %s cannot be made: no such folder, or no right (%s)"
                                .formatted(name, e.getMessage()),
                        e);
            }
        }
        return made;
    }

    /** On both streams together. */
    long bytes() {
        try {
            long bytes = 0;
            for (RandomAccessFile file : files) {
                bytes += file.length();
            }
            return bytes;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Cuts them to so many bytes together. */
    void cut(long bytes) {
        try {
            long left = bytes;
            for (RandomAccessFile file : files) {
                if (file.length() > left) {
                    file.setLength(left);
                }
                left -= file.length();
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    @Override
    public void close() {
        try {
            for (RandomAccessFile file : files) {
                file.close();
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static LoreleyException unusable(IOException e) {
        return new LoreleyException(
                FailureKind.STORAGE, "A file that a program prints to cannot be used: " + e.getMessage(), e);
    }
}

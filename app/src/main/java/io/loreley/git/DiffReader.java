package io.loreley.git;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.LongLived;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares trees through one long-lived {@code git diff-tree --stdin} a format, which saves a process for each question.
 * Git repeats a line that names no object and flushes: that is how the end of an answer is known. Safe for many threads,
 * one at a time.
 */
final class DiffReader implements AutoCloseable {

    /** Names no object, and begins neither a record nor a path, which with {@code -z} is a record of its own. */
    private static final String END = "/\n";

    private final Git git;
    private final String format;
    private @Nullable LongLived process;
    private @Nullable InputStream answers;

    /** Answers in a format of git's, such as {@code --raw} or {@code --numstat}. */
    DiffReader(Git git, String format) {
        this.git = git;
        this.format = format;
    }

    /** The fields that git answers with, as it separates them by NUL. */
    synchronized List<String> compare(String fromTree, String toTree) {
        boolean complete = false;
        try {
            InputStream answer = started();
            ask("%s %s\n%s".formatted(fromTree, toTree, END));
            List<String> records = NulRecords.of(answer(answer));
            complete = true;
            return records;
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.GIT,
                    "git cannot compare tree %s with %s: %s".formatted(fromTree, toTree, e.getMessage()),
                    e);
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    private InputStream started() {
        LongLived known = process;
        InputStream stream = answers;
        if (known != null && !known.isAlive()) {
            known.close(); // or the runner would go on to know its number, which may become another's
            known = null;
        }
        if (known == null || stream == null) {
            known = git.open("diff-tree", "--stdin", "-r", "-z", "--no-renames", "--full-index", format);
            stream = new BufferedInputStream(known.output());
            process = known;
            answers = stream;
        }
        return stream;
    }

    private void ask(String question) throws IOException {
        LongLived known = process;
        if (known == null) {
            throw new EOFException("git ended");
        }
        known.input().write(question.getBytes(StandardCharsets.US_ASCII));
        known.input().flush();
    }

    /** A line that repeats the two trees, the records, and the end mark. */
    private static String answer(InputStream stream) throws IOException {
        for (int c = stream.read(); c != '\n'; c = stream.read()) {
            if (c < 0) {
                throw new EOFException("git ended");
            }
        }
        var records = new ByteArrayOutputStream();
        while (true) {
            stream.mark(END.length());
            if (new String(stream.readNBytes(END.length()), StandardCharsets.US_ASCII).equals(END)) {
                return records.toString(StandardCharsets.UTF_8);
            }
            stream.reset();
            readRecord(stream, records);
        }
    }

    private static void readRecord(InputStream stream, ByteArrayOutputStream records) throws IOException {
        int c;
        do {
            c = stream.read();
            if (c < 0) {
                throw new EOFException("git ended in the middle of a record");
            }
            records.write(c);
        } while (c != 0);
    }

    @Override
    public synchronized void close() {
        LongLived known = process;
        if (known != null) {
            known.close();
        }
        process = null;
        answers = null;
    }
}

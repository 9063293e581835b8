package io.loreley.git;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.LongLived;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects through one long-lived {@code git cat-file --batch}, started when it is first needed and again if it
 * died. Safe for many threads, one at a time.
 */
final class ObjectReader implements AutoCloseable {

    private final Git git;
    private @Nullable Session session;
    private @Nullable Session checker;

    ObjectReader(Git git) {
        this.git = git;
    }

    synchronized CommitInfo commit(CommitHash hash) {
        byte[] content = read(hash.value(), "commit");
        String text = new String(content, StandardCharsets.UTF_8);
        int blank = text.indexOf("\n\n");
        String header = blank < 0 ? text : text.substring(0, blank);
        String message = blank < 0 ? "" : text.substring(blank + 2);
        String tree = "";
        String author = "";
        List<CommitHash> parents = new ArrayList<>();
        for (String line : header.split("\n")) {
            if (line.startsWith("tree ")) {
                tree = line.substring(5);
            } else if (line.startsWith("parent ")) {
                parents.add(new CommitHash(line.substring(7)));
            } else if (line.startsWith("author ")) {
                author = line.substring(7).replaceFirst(" ?<.*", "");
            }
        }
        String[] parts = message.strip().split("\n", 2);
        return new CommitInfo(tree, parents, author, parts[0].strip(), parts.length > 1 ? parts[1].strip() : "");
    }

    synchronized void blobs(Collection<String> hashes, long limit, BlobVisitor visitor) {
        for (String hash : hashes) {
            long size = size(hash);
            if (size > limit) {
                visitor.tooLarge(hash, size);
            } else {
                visitor.blob(hash, read(hash, "blob"));
            }
        }
    }

    private long size(String hash) {
        try {
            if (checker == null || !checker.isAlive()) {
                checker = new Session(git.open("cat-file", "--batch-check"));
            }
            return checker.ask(hash).size();
        } catch (IOException e) {
            throw failed(hash, e);
        }
    }

    private byte[] read(String hash, String type) {
        try {
            if (session == null || !session.isAlive()) {
                session = new Session(git.open("cat-file", "--batch"));
            }
            Header header = session.ask(hash);
            byte[] content = session.content(header.size());
            if (!header.type().equals(type)) {
                throw new LoreleyException(
                        FailureKind.GIT, "object %s is a %s, not a %s".formatted(hash, header.type(), type));
            }
            return content;
        } catch (IOException e) {
            throw failed(hash, e);
        }
    }

    private LoreleyException failed(String hash, IOException cause) {
        close();
        return new LoreleyException(
                FailureKind.GIT, "object %s cannot be read: %s".formatted(hash, cause.getMessage()), cause);
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.close();
            session = null;
        }
        if (checker != null) {
            checker.close();
            checker = null;
        }
    }

    private record Header(String type, long size) {}

    private static final class Session {

        private final LongLived process;
        private final OutputStream questions;
        private final InputStream answers;

        Session(LongLived process) {
            this.process = process;
            this.questions = new BufferedOutputStream(process.input());
            this.answers = new BufferedInputStream(process.output(), 1 << 16);
        }

        boolean isAlive() {
            return process.isAlive();
        }

        Header ask(String hash) throws IOException {
            questions.write((hash + "\n").getBytes(StandardCharsets.US_ASCII));
            questions.flush();
            String[] fields = line().split(" ");
            if (fields.length != 3) {
                throw new IOException("it is missing from the repository");
            }
            return new Header(fields[1], Long.parseLong(fields[2]));
        }

        byte[] content(long size) throws IOException {
            byte[] content = answers.readNBytes(Math.toIntExact(size));
            if (content.length < size || answers.read() != '\n') {
                throw new EOFException("git ended in the middle of it");
            }
            return content;
        }

        private String line() throws IOException {
            var line = new ByteArrayOutputStream(80);
            for (int c = answers.read(); c != '\n'; c = answers.read()) {
                if (c < 0) {
                    throw new EOFException("git ended");
                }
                line.write(c);
            }
            return line.toString(StandardCharsets.US_ASCII);
        }

        void close() {
            process.close();
        }
    }
}

package io.loreley.git;

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
import java.util.List;
import java.util.Optional;

/**
 * Questions to one {@code git cat-file --batch-command --buffer} and its answers, in the same order. After an exception
 * the two no longer match, and the conversation must be closed. For one thread at a time.
 */
final class ObjectConversation implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final LongLived git;
    private final OutputStream questions;
    private final InputStream answers;

    ObjectConversation(LongLived git) {
        this.git = git;
        this.questions = new BufferedOutputStream(git.input(), BUFFER);
        this.answers = new BufferedInputStream(git.output(), BUFFER);
    }

    /** What git knows of an object without reading it. */
    record Header(String hash, String type, long size) {}

    boolean isAlive() {
        return git.isAlive();
    }

    List<Optional<Header>> headers(List<String> names) throws IOException {
        ask("info ", names);
        List<Optional<Header>> headers = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            headers.add(header());
        }
        return headers;
    }

    byte[] content(String name) throws IOException {
        ask("contents ", List.of(name));
        return content(header().orElseThrow(() -> new IOException("it is missing from the repository")));
    }

    void contents(List<String> hashes, BlobVisitor visitor) throws IOException {
        ask("contents ", hashes);
        for (String hash : hashes) {
            Header header = header().orElseThrow(() -> new IOException(hash + " is missing from the repository"));
            if (!header.type().equals("blob")) {
                throw new IOException("%s is a %s, not a blob".formatted(hash, header.type()));
            }
            visitor.blob(hash, content(header));
        }
    }

    private void ask(String command, List<String> names) throws IOException {
        for (String name : names) {
            questions.write((command + name + "\n").getBytes(StandardCharsets.UTF_8));
        }
        questions.write("flush\n".getBytes(StandardCharsets.UTF_8));
        questions.flush();
    }

    /** Three words; an object that is not there, or a name that fits several, has a sentence instead. */
    private Optional<Header> header() throws IOException {
        String line = line();
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        if (line.endsWith(" missing") || line.endsWith(" ambiguous") || first == last) {
            return Optional.empty();
        }
        return Optional.of(new Header(
                line.substring(0, first), line.substring(first + 1, last), Long.parseLong(line.substring(last + 1))));
    }

    private byte[] content(Header header) throws IOException {
        byte[] content = answers.readNBytes(Math.toIntExact(header.size()));
        if (content.length < header.size() || answers.read() != '\n') {
            throw new EOFException("git ended in the middle of an object");
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
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        git.close();
    }
}

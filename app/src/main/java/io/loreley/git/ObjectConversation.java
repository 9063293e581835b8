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

    /** A question ends with its line, which a path need not. */
    static boolean takes(String name) {
        return name.indexOf('\n') < 0 && name.indexOf('\r') < 0;
    }

    boolean isAlive() {
        return git.isAlive();
    }

    List<Optional<Header>> headers(List<String> names) throws IOException {
        ask("info ", names);
        List<Optional<Header>> headers = new ArrayList<>(names.size());
        for (String name : names) {
            headers.add(header(name));
        }
        return headers;
    }

    byte[] content(String name) throws IOException {
        ask("contents ", List.of(name));
        return content(header(name).orElseThrow(() -> new IOException("it is missing from the repository")));
    }

    void contents(List<String> hashes, BlobVisitor visitor) throws IOException {
        ask("contents ", hashes);
        for (String hash : hashes) {
            Header header = header(hash).orElseThrow(() -> new IOException(hash + " is missing from the repository"));
            if (!header.type().equals("blob")) {
                throw new IOException("%s is a %s, not a blob".formatted(hash, header.type()));
            }
            visitor.blob(hash, content(header));
        }
    }

    private void ask(String command, List<String> names) throws IOException {
        for (String name : names) {
            if (!takes(name)) {
                throw new IllegalArgumentException("git would not take '%s' for one question".formatted(name));
            }
            questions.write((command + name + "\n").getBytes(StandardCharsets.UTF_8));
        }
        questions.write("flush\n".getBytes(StandardCharsets.UTF_8));
        questions.flush();
    }

    /**
     * Three words, or the name that was asked for and one more. A name without a path is a hash and comes back as the first
     * word: were it another's, so would each be that follows.
     */
    private Optional<Header> header(String name) throws IOException {
        String line = line();
        if (line.equals(name + " missing") || line.equals(name + " ambiguous")) {
            return Optional.empty();
        }
        String[] words = line.split(" ");
        boolean another = name.indexOf(':') < 0 && !words[0].equals(name);
        if (words.length != 3 || another) {
            throw new IOException("git was asked for %s and answers '%s'".formatted(name, line));
        }
        return Optional.of(new Header(words[0], words[1], Long.parseLong(words[2])));
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

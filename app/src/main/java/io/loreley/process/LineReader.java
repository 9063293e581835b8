package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of an output file while a command still writes it. The file is opened once: what the command puts in its
 * place later is not read. It is closed by {@link #readToEnd}. For one thread.
 */
public final class LineReader {

    private static final int CHUNK = 1 << 16; // bytes

    private final Path file;
    private final int longest;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable FileChannel channel;
    private long position;
    private boolean skipping;

    /** @param longest bytes of a line; longer ones are passed over */
    public LineReader(Path file, int longest) {
        this.file = file;
        this.longest = longest;
    }

    /** Hands over every line that was completed since the last call. A file that is not there has none. */
    public void read(Consumer<byte[]> lines) {
        try {
            if (channel == null) {
                channel = open();
            }
            if (channel != null) {
                read(channel, lines);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Nothing if it is no file: a link may lead anywhere, and a pipe would be waited for. */
    private @Nullable FileChannel open() throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
                : null;
    }

    private void read(FileChannel from, Consumer<byte[]> lines) throws IOException {
        var buffer = ByteBuffer.allocate(CHUNK);
        int count;
        while ((count = from.read(buffer, position)) > 0) {
            position += count;
            split(buffer.array(), count, lines);
            buffer.clear();
        }
    }

    /** As {@link #read}, and the last line although nothing ends it. For a command that has ended. */
    public void readToEnd(Consumer<byte[]> lines) {
        try {
            read(lines);
            end(lines);
        } finally {
            close();
        }
    }

    private void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw unreadable(e);
            }
        }
    }

    private LoreleyException unreadable(IOException e) {
        return new LoreleyException(
                FailureKind.STORAGE, "The output file %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }

    private void split(byte[] bytes, int count, Consumer<byte[]> lines) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                append(bytes, start, i);
                end(lines);
                start = i + 1;
            }
        }
        append(bytes, start, count);
    }

    private void append(byte[] bytes, int from, int to) {
        if (skipping) {
            return;
        }
        if (line.size() + to - from > longest) {
            skipping = true;
            line.reset();
        } else {
            line.write(bytes, from, to - from);
        }
    }

    private void end(Consumer<byte[]> lines) {
        if (line.size() > 0) {
            lines.accept(line.toByteArray());
        }
        line.reset();
        skipping = false;
    }
}

package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Reads the lines of an output file while a command still writes it. For one thread. */
public final class LineReader {

    private static final int CHUNK = 1 << 16; // bytes

    private final Path file;
    private final int longest;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long position;
    private boolean skipping;

    /** @param longest bytes of a line; longer ones are passed over */
    public LineReader(Path file, int longest) {
        this.file = file;
        this.longest = longest;
    }

    /** Hands over every line that was completed since the last call. A file that is not there has none. */
    public void read(Consumer<byte[]> lines) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocate(CHUNK);
            int count;
            while ((count = channel.read(buffer, position)) > 0) {
                position += count;
                split(buffer.array(), count, lines);
                buffer.clear();
            }
        } catch (NoSuchFileException e) {
            // The program removed it.
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE, "The output file %s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** As {@link #read}, and the last line although nothing ends it. For a command that has ended. */
    public void readToEnd(Consumer<byte[]> lines) {
        read(lines);
        end(lines);
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

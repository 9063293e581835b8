package io.loreley.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The end of an output file as text. What is not UTF-8 becomes a replacement character; a missing file is empty, and so is
 * what a program put in its place: a link may lead to what it could not read itself, and a pipe would be waited for.
 */
public final class OutputTail {

    private OutputTail() {}

    public static String read(Path file, int bytes) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long start = Math.max(0, channel.size() - bytes);
            var buffer = ByteBuffer.allocate((int) (channel.size() - start));
            while (buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) >= 0) {
                // Read on until the buffer is full or the file has shrunk.
            }
            buffer.flip();
            while (start > 0 && buffer.hasRemaining() && isContinuation(buffer.get(buffer.position()))) {
                buffer.get();
            }
            return StandardCharsets.UTF_8.decode(buffer).toString();
        } catch (IOException e) {
            return "(unreadable: " + e.getMessage() + ")";
        }
    }

    /** The middle of a UTF-8 character, whose beginning was cut off. */
    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }
}

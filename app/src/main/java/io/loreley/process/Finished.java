package io.loreley.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A command that ended, and everything it started with it. Its output lies in the command's files. */
public record Finished(Command command, Ending ending, Duration elapsed) {

    private static final int TAIL_BYTES = 2_000;

    public boolean isSuccess() {
        return ending instanceof Ending.Exited exited && exited.isSuccess();
    }

    /** Command, ending and the tails of both streams, credentials masked: what an error message needs. */
    public String describe() {
        String how = switch (ending) {
            case Ending.Exited(int code) -> "ended with exit code " + code;
            case Ending.TimedOut() ->
                "did not end within %s and was killed"
                        .formatted(readable(command.limits().time()));
            case Ending.OutputExceeded() ->
                "wrote more than %,d bytes and was killed"
                        .formatted(command.limits().outputBytes());
        };
        return "`%s` %s%s%s"
                .formatted(
                        Credentials.mask(String.join(" ", command.arguments())),
                        how,
                        section("stderr", command.stderr()),
                        section("stdout", command.stdout()));
    }

    private static String section(String name, Path file) {
        String tail = Credentials.mask(tail(file, TAIL_BYTES)).strip();
        return tail.isEmpty() ? "" : "%n%s: %s".formatted(name, tail);
    }

    /** The end of a file as text; undecodable bytes become replacement characters. Empty if there is none. */
    public static String tail(Path file, int bytes) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long start = Math.max(0, channel.size() - bytes);
            ByteBuffer buffer = ByteBuffer.allocate((int) (channel.size() - start));
            channel.position(start);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // until the end, or until the file shrinks under us
            }
            String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            return start == 0 ? text : "…" + text;
        } catch (IOException e) {
            return "";
        }
    }

    private static String readable(Duration duration) {
        return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}

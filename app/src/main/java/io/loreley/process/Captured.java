package io.loreley.process;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a short, trusted program answered. */
public final class Captured {

    private final List<String> arguments;
    private final int exitCode;
    private final byte[] output;
    private final byte[] errors;

    Captured(List<String> arguments, int exitCode, byte[] output, byte[] errors) {
        this.arguments = List.copyOf(arguments);
        this.exitCode = exitCode;
        this.output = output;
        this.errors = errors;
    }

    public int exitCode() {
        return exitCode;
    }

    public boolean isSuccess() {
        return exitCode == 0;
    }

    /** Its output as UTF-8 text, without the line end that closes it. */
    public String text() {
        return output().stripTrailing();
    }

    /** Its output as UTF-8 text, every byte of it. */
    public String output() {
        return new String(output, StandardCharsets.UTF_8);
    }

    public String errors() {
        return new String(errors, StandardCharsets.UTF_8).strip();
    }

    /** Command, exit code and what it said, credentials masked. */
    public String describe() {
        String said = errors().isEmpty() ? text() : errors();
        return Credentials.mask("`%s` ended with exit code %d%s"
                .formatted(String.join(" ", arguments), exitCode, said.isEmpty() ? "" : ": " + tail(said)));
    }

    private static String tail(String text) {
        return text.length() <= 2_000 ? text : "…" + text.substring(text.length() - 2_000);
    }
}

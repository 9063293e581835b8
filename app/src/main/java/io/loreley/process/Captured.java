package io.loreley.process;

import java.nio.charset.StandardCharsets;

/** A command whose output was small enough to hold: what it said, and how it ended. */
public final class Captured {

    private final Ending ending;
    private final byte[] output;
    private final String error;
    private final String description;

    Captured(Finished finished, byte[] output, String error) {
        this.ending = finished.ending();
        this.output = output;
        this.error = error;
        this.description = finished.success() ? "" : finished.describe();
    }

    public boolean success() {
        return ending instanceof Ending.Exited exited && exited.success();
    }

    /** The exit code; -1 when it was killed at a limit. */
    public int exit() {
        return ending instanceof Ending.Exited(int code) ? code : -1;
    }

    /** Standard output, undecoded. */
    public byte[] bytes() {
        return output.clone();
    }

    public String text() {
        return new String(output, StandardCharsets.UTF_8);
    }

    /** Standard error, or its end when it is long. */
    public String error() {
        return error;
    }

    /** For an error message: command, ending and both tails, credentials masked. Empty after a success. */
    public String describe() {
        return description;
    }
}

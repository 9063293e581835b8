package io.loreley.evaluation;

import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Which of the programs that users bring are on this machine. */
public final class Interpreters {

    private static final boolean PYTHON = python("import sys; assert sys.version_info >= (3, 8)");
    private static final boolean PYTEST = python("import pytest");

    private static final boolean BUBBLEWRAP =
            works("/bin/sh", "-c", "command -v bwrap >/dev/null && exec bwrap --unshare-pid --ro-bind / / true");

    private Interpreters() {}

    public static boolean hasPython() {
        return PYTHON;
    }

    public static boolean hasPytest() {
        return PYTEST;
    }

    public static boolean hasBubblewrap() {
        return BUBBLEWRAP;
    }

    private static boolean python(String program) {
        return works("/bin/sh", "-c", "command -v python3 >/dev/null && exec python3 -c \"$1\"", "sh", program);
    }

    private static boolean works(String... command) {
        try (ProcessRunner runner = new ProcessRunner()) {
            return runner.capture(
                            List.of(command),
                            Path.of("."),
                            System.getenv(),
                            null,
                            new Limits(Duration.ofSeconds(30), 100_000))
                    .success();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

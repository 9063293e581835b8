package io.loreley.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The first process of a running server, as its {@code postmaster.pid} tells of it.
 *
 * @param isReady whether it takes connections; otherwise it is starting or stopping
 */
record Postmaster(long pid, int port, boolean isReady) {

    private static final int PID_LINE = 0;
    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /** The living server of a data folder. A file left by a dead one, or by a number that now names another program, is none. */
    static Optional<Postmaster> read(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            long pid = lines.isEmpty() ? 0 : Long.parseLong(lines.get(PID_LINE).strip());
            if (!isPostgres(pid)) {
                return Optional.empty();
            }
            // The file grows while the server starts.
            return Optional.of(
                    lines.size() > STATUS_LINE
                            ? new Postmaster(
                                    pid,
                                    Integer.parseInt(lines.get(PORT_LINE).strip()),
                                    lines.get(STATUS_LINE).strip().equals("ready"))
                            : new Postmaster(pid, 0, false));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A zombie, which nobody reaps in a container without an init, has no command. */
    private static boolean isPostgres(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("/postgres"))
                .isPresent();
    }
}

package io.loreley.agent;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The home folder of one run: nothing of the user's is in it, and nothing of it stays. */
record CliHome(Path folder) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CliHome.class);

    /** The folder in it for temporary files. */
    static final String TEMPORARY = "tmp";

    /** Short names: agents keep sockets there, whose paths the kernel bounds at about a hundred characters. */
    private static final AtomicLong RUNS = new AtomicLong();

    /** @param homes of this process alone */
    static CliHome in(Path homes) {
        try {
            Path folder = Files.createDirectory(
                    Files.createDirectories(homes).toRealPath().resolve("run-" + RUNS.incrementAndGet()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createDirectory(folder.resolve(TEMPORARY));
            return new CliHome(folder);
        } catch (IOException e) {
            throw unusable(homes, e);
        }
    }

    void write(Map<String, String> files) {
        files.forEach((path, content) -> {
            Path file = folder.resolve(path);
            try {
                Files.createDirectories(file.getParent());
                Files.writeString(file, content);
            } catch (IOException e) {
                throw unusable(folder, e);
            }
        });
    }

    /** A rest that cannot be deleted is logged: the agent's work is done and paid by then. */
    @Override
    public void close() {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("folder", folder).setCause(e).log("agent.home-left");
        }
    }

    private static LoreleyException unusable(Path folder, IOException e) {
        return new LoreleyException(
                FailureKind.STORAGE,
                "The folder %s cannot be used for an agent's settings: %s. Check its permissions and the free space."
                        .formatted(folder, e.getMessage()),
                e);
    }
}

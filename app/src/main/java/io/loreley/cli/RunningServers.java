package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the servers of this machine listen: a file each in a folder of Loreley's own, as long as its process lives. The
 * file of a process that was killed is passed over, and removed when the next one is written.
 */
final class RunningServers {

    private static final Pattern NAME = Pattern.compile("(?<host>.+)-(?<pid>\\d+)-\\d+");

    private final Path folder;
    private final String host = WorkerName.hostName();

    RunningServers(Path home) {
        this.folder = home.resolve("servers");
    }

    /** A server that can be found until this is closed. */
    interface Announcement extends AutoCloseable {
        @Override
        void close();
    }

    Announcement announce(String address) {
        URI uri = URI.create(address);
        Path file = folder.resolve(
                "%s-%d-%d".formatted(host, ProcessHandle.current().pid(), uri.getPort()));
        try {
            Files.createDirectories(folder);
            for (Path other : files()) {
                if (!isAlive(other)) {
                    Files.deleteIfExists(other);
                }
            }
            Files.writeString(file, address);
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot write %s".formatted(file), e);
        }
        return () -> {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new LoreleyException(FailureKind.STORAGE, "cannot delete %s".formatted(file), e);
            }
        };
    }

    /** Those whose processes live, the youngest first. */
    List<String> addresses() {
        try {
            List<String> addresses = new ArrayList<>();
            for (Path file : files()) {
                if (isAlive(file)) {
                    read(file).ifPresent(addresses::add);
                }
            }
            return addresses;
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot read %s".formatted(folder), e);
        }
    }

    /** Of this host alone: the processes of another that shares the folder are not ours to judge. */
    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> matcher(file).matches() && host.equals(group(file, "host")))
                    .sorted(Comparator.comparingLong(
                                    (Path file) -> file.toFile().lastModified())
                            .reversed())
                    .toList();
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty(); // its server has just ended
        }
    }

    private static boolean isAlive(Path file) {
        return ProcessHandle.of(Long.parseLong(group(file, "pid")))
                .filter(ProcessHandle::isAlive)
                .isPresent();
    }

    private static String group(Path file, String name) {
        Matcher matcher = matcher(file);
        return matcher.matches() ? matcher.group(name) : "";
    }

    private static Matcher matcher(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName()));
    }
}

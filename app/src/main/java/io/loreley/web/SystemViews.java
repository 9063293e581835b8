package io.loreley.web;

import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.Inventory;
import io.loreley.store.QueueListing;
import io.loreley.store.Workers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The machine and the database: who works, who holds what, how much room is left, what the logs say. */
final class SystemViews {

    private static final int MOST_LOGS = 200;

    /** Bytes of a log that are read for its last lines. */
    private static final int LOG_END = 4 << 20;

    private final WebSources sources;
    private final Experiments experiments;
    private final EventStreams events;
    private final Workers workers;
    private final QueueListing queue;

    SystemViews(WebSources sources, Experiments experiments, EventStreams events) {
        this.sources = sources;
        this.experiments = experiments;
        this.events = events;
        this.workers = new Workers(sources.database());
        this.queue = new QueueListing(sources.database());
    }

    /** For whoever watches over the server: 503 with the cause if the database does not answer. */
    Reply health(Call call) {
        return new Reply.Value(Map.of(
                "ok",
                true,
                "time",
                sources.clock().instant(),
                "database",
                sources.database().serverVersion()));
    }

    Reply system(Call call) {
        Instant now = sources.clock().instant();
        Inventory inventory = Inventory.of(sources.database());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("time", now);
        body.put(
                "database",
                Map.of(
                        "url", inventory.url(),
                        "version", inventory.serverVersion(),
                        "schema", inventory.schemaVersion(),
                        "size", inventory.size(),
                        "connections", queue.connections()));
        body.put("disk", disk());
        body.put("workers", workers.all());
        body.put("leases", queue.held());
        body.put("checks", sources.machine().checks());
        body.put("settings", sources.machine().settings());
        body.put("streams", events.listening());
        Runtime runtime = Runtime.getRuntime();
        body.put("memory_bytes", runtime.totalMemory() - runtime.freeMemory());
        return new Reply.Value(body);
    }

    private Map<String, Object> disk() {
        try {
            var disk = Files.getFileStore(sources.machine().home());
            return Map.of(
                    "free_bytes",
                    disk.getUsableSpace(),
                    "total_bytes",
                    disk.getTotalSpace(),
                    "folder",
                    sources.machine().home().toString());
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "the disk of %s cannot be seen".formatted(sources.machine().home()),
                    e);
        }
    }

    /** Who works on an experiment. Asked anew each time: that a worker fell silent changes nothing that is stored. */
    Reply workers(Call call) {
        ExperimentId experiment = experiments.of(call).id();
        return new Reply.Value(Map.of(
                "items",
                workers.all().stream()
                        .filter(worker -> experiment.equals(worker.experiment()))
                        .toList()));
    }

    Reply logs(Call call) {
        if (!Files.isDirectory(sources.logs())) {
            return new Reply.Value(Map.of("items", List.of()));
        }
        try (Stream<Path> files = Files.list(sources.logs())) {
            List<Map<String, Object>> found = files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(SystemViews::describe)
                    .sorted(Comparator.comparing((Map<String, Object> file) -> (Instant) file.get("changed_at"))
                            .reversed())
                    .limit(MOST_LOGS)
                    .toList();
            return new Reply.Value(Map.of("items", found));
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot list " + sources.logs(), e);
        }
    }

    private static Map<String, Object> describe(Path file) {
        try {
            return Map.of(
                    "name", String.valueOf(file.getFileName()),
                    "bytes", Files.size(file),
                    "changed_at", Files.getLastModifiedTime(file).toInstant());
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot read " + file, e);
        }
    }

    Reply log(Call call) {
        String name = call.path("log");
        int lines = call.number("lines", 300, 1, 5000);
        Path file = sources.logs().resolve(name).normalize();
        if (!sources.logs().equals(file.getParent()) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw Problem.notFound("there is no such log file");
        }
        try {
            List<String> end = end(file);
            return new Reply.Value(Map.of(
                    "name", name, "lines", end.subList(Math.max(0, end.size() - lines), end.size())));
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot read " + file, e);
        }
    }

    /** The last lines, however long the file; of the first, which may be cut, nothing. */
    private static List<String> end(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long size = in.length();
            long start = Math.max(0, size - LOG_END);
            byte[] bytes = new byte[(int) (size - start)];
            in.seek(start);
            in.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return start == 0 ? lines : lines.subList(1, lines.size());
        }
    }
}

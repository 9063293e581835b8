package io.loreley.web;

import io.loreley.domain.CommitHash;
import io.loreley.git.FileStat;
import io.loreley.git.Hub;
import io.loreley.store.CardListing;
import io.loreley.store.Catalogue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a commit differs from another: which files, and each of them line by line. */
final class DiffViews {

    private static final int MOST_FILES = 1000;
    private static final int CONTEXT = 3;
    private static final int WHOLE_FILE = 100_000;

    private final Experiments experiments;

    DiffViews(WebSources sources, Experiments experiments) {
        this.experiments = experiments;
    }

    Reply files(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        Pair pair = pair(call, entry);
        List<FileStat> changed = experiments.hub(entry).numstat(pair.from, pair.to);
        Map<String, Object> body = pair.body();
        body.put("total", changed.size());
        body.put("added", changed.stream().mapToLong(FileStat::added).sum());
        body.put("deleted", changed.stream().mapToLong(FileStat::deleted).sum());
        body.put(
                "files",
                changed.stream()
                        .limit(MOST_FILES)
                        .map(file -> Map.of(
                                "path",
                                file.path(),
                                "added",
                                file.added(),
                                "deleted",
                                file.deleted(),
                                "binary",
                                file.isBinary()))
                        .toList());
        return new Reply.Value(body);
    }

    Reply file(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        Pair pair = pair(call, entry);
        Hub hub = experiments.hub(entry);
        String path = call.query("path").orElseThrow(() -> Problem.badRequest("path: name a file of the diff"));
        FileStat stat = hub.numstat(pair.from, pair.to).stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("the two commits do not differ in a file of this path"));
        int context = call.query("whole").isPresent() ? WHOLE_FILE : CONTEXT;
        Map<String, Object> body = pair.body();
        body.put("path", path);
        body.put("binary", stat.isBinary());
        FileDiff diff = stat.isBinary() ? FileDiff.NONE : FileDiff.of(hub.patch(pair.from, pair.to, path, context));
        body.put("hunks", diff.hunks());
        body.put("cut", diff.cut());
        return new Reply.Value(body);
    }

    private Pair pair(Call call, Catalogue.Entry entry) {
        CardListing.Line card = experiments.card(entry, call.commit());
        return new Pair(experiments.resolve(entry, card, call.query("against").orElse("parent")), card.commit());
    }

    private record Pair(CommitHash from, CommitHash to) {
        Map<String, Object> body() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("from", from);
            body.put("to", to);
            return body;
        }
    }
}

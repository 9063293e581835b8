package io.loreley.web;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.IslandKey;
import io.loreley.domain.Objective;
import io.loreley.store.ArchiveListing;
import io.loreley.store.CardListing;
import io.loreley.store.Catalogue;
import io.loreley.store.JobListing;
import io.loreley.store.StageListing;
import io.loreley.store.TreeListing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Recorded commits: the listing, one with all that belongs to it, several side by side, and the tree they form. */
final class CommitViews {

    private static final int PAGE = 100;
    private static final int LONGEST_PAGE = 500;
    private static final int MOST_CHILDREN = 50;
    private static final int MOST_NEIGHBOURS = 8;
    private static final int MOST_COMPARED = 6;
    /** Generations that are followed back. */
    private static final int DEEPEST = 5000;

    private final Experiments experiments;
    private final KeptReplies kept;
    private final CardListing cards;
    private final JobListing jobs;
    private final StageListing stages;
    private final ArchiveListing archive;
    private final TreeListing tree;

    CommitViews(WebSources sources, Experiments experiments, KeptReplies kept) {
        this.experiments = experiments;
        this.kept = kept;
        this.cards = experiments.cards();
        this.jobs = new JobListing(sources.database());
        this.stages = new StageListing(sources.database());
        this.archive = new ArchiveListing(sources.database());
        this.tree = new TreeListing(sources.database());
    }

    Reply commits(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        var filter = new CardListing.Filter(
                entry.id(),
                call.query("island").orElse(null),
                call.query("text").orElse(null));
        var cursor = call.cursor(UUID::fromString).orElse(null);
        int limit = call.number("limit", PAGE, 1, LONGEST_PAGE);
        return kept.reply(
                call,
                entry.id(),
                () -> cards.page(filter, Experiments.objective(entry).metric(), cursor, limit));
    }

    Reply commit(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        String hash = call.commit();
        return kept.reply(call, entry.id(), () -> {
            Objective objective = Experiments.objective(entry);
            CardListing.Line card = experiments.card(entry, hash);
            List<ArchiveListing.Seat> seats = archive.seats(new IslandKey(entry.id(), island(card)), card.commit());
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("card", card);
            body.put("metrics", cards.metrics(card.id()));
            body.put("parent", related(entry, card.parent()));
            body.put("root", related(entry, entry.root().orElse(null)));
            body.put("cell", seats.isEmpty() ? null : seats.getFirst().cell());
            body.put("cells", seats);
            body.put(
                    "neighbours",
                    seats.stream()
                            .limit(1)
                            .map(seat -> new IslandKey(entry.id(), seat.island()))
                            .flatMap(island -> archive.neighbours(island, card.commit(), MOST_NEIGHBOURS).stream())
                            .map(each -> neighbour(each, objective.direction()))
                            .toList());
            body.put("children", cards.children(entry.id(), card.commit(), objective.metric(), MOST_CHILDREN));
            body.put("children_total", cards.children(entry.id(), card.commit()));
            Optional<JobListing.Detail> job =
                    Optional.ofNullable(card.job()).flatMap(id -> jobs.find(id, objective.metric()));
            body.put("job", job.orElse(null));
            body.put("stages", job.map(found -> stages.of(found.line().id())).orElse(List.of()));
            body.put("hub", experiments.hub(entry).folder().toString());
            body.put("ref", "refs/loreley/%s/commits/%s".formatted(entry.id(), card.commit()));
            return body;
        });
    }

    private static String island(CardListing.Line card) {
        String island = card.island();
        return island == null ? IslandKey.DEFAULT_ISLAND : island;
    }

    private static Map<String, Object> neighbour(ArchiveListing.Neighbour each, Direction direction) {
        return Map.of(
                "commit", each.commit(),
                "subject", each.subject(),
                "objective", direction.oriented(each.objective()),
                "cell", each.cell(),
                "distance", each.distance());
    }

    /** A recorded commit with its metrics, for comparison. */
    private @Nullable Map<String, Object> related(Catalogue.Entry entry, @Nullable String hash) {
        return hash == null
                ? null
                : cards.find(entry.id(), hash, Experiments.objective(entry).metric())
                        .map(card -> Map.<String, Object>of("card", card, "metrics", cards.metrics(card.id())))
                        .orElse(null);
    }

    Reply compare(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        List<String> hashes = Arrays.stream(call.query("commits").orElse("").split(","))
                .filter(text -> !text.isBlank())
                .map(String::strip)
                .map(Call::hash)
                .distinct()
                .toList();
        if (hashes.size() < 2 || hashes.size() > MOST_COMPARED) {
            throw Problem.badRequest("commits: give two to %d, separated by commas".formatted(MOST_COMPARED));
        }
        return kept.reply(call, entry.id(), () -> comparison(entry, hashes));
    }

    private Map<String, @Nullable Object> comparison(Catalogue.Entry entry, List<String> hashes) {
        String metric = Experiments.objective(entry).metric();
        List<List<CardListing.Line>> lines = new ArrayList<>();
        List<Map<String, Object>> commits = new ArrayList<>();
        List<CardListing.Line> named = hashes.stream()
                .map(hash -> experiments.card(entry, hash))
                .distinct()
                .toList();
        if (named.size() < 2) {
            throw Problem.badRequest("commits: these are all the same commit; give two that differ");
        }
        for (CardListing.Line card : named) {
            lines.add(cards.ancestry(entry.id(), card.commit(), metric, DEEPEST));
            commits.add(Map.of("card", card, "metrics", cards.metrics(card.id())));
        }
        Set<CommitHash> shared =
                lines.getFirst().stream().map(CardListing.Line::commit).collect(Collectors.toSet());
        lines.forEach(line ->
                shared.retainAll(line.stream().map(CardListing.Line::commit).collect(Collectors.toSet())));
        Optional<CommitHash> ancestor = lines.getFirst().stream()
                .map(CardListing.Line::commit)
                .filter(shared::contains)
                .findFirst();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("commits", commits);
        body.put("ancestor", ancestor.orElse(null));
        body.put("paths", lines.stream().map(line -> path(line, ancestor)).toList());
        return body;
    }

    /** From a commit back to the common ancestor, both included. */
    private static List<CardListing.Line> path(List<CardListing.Line> line, Optional<CommitHash> ancestor) {
        List<CardListing.Line> path = new ArrayList<>();
        for (CardListing.Line each : line) {
            path.add(each);
            if (ancestor.filter(each.commit()::equals).isPresent()) {
                break;
            }
        }
        return path;
    }

    Reply lineage(Call call) {
        Catalogue.Entry entry = experiments.of(call);
        String metric = call.query("metric").orElse(Experiments.objective(entry).metric());
        int most = call.number("max_nodes", 5000, 1, 20_000);
        boolean folded = call.query("fold").isPresent();
        boolean failures = call.query("failures").isPresent();
        return kept.reply(call, entry.id(), () -> {
            CommitHash best = cards.best(entry.id()).orElse(null);
            List<TreeListing.Node> nodes = failures && !folded
                    ? tree.commitsAndFailures(entry.id(), metric, most, best)
                    : tree.commits(entry.id(), metric, most, best);
            return LineageLayout.of(
                    folded ? LineageLayout.fruitful(nodes, best) : nodes, nodes.size() >= most, metric, best);
        });
    }
}

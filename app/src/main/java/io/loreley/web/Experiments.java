package io.loreley.web;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.Objective;
import io.loreley.git.Hub;
import io.loreley.store.CardListing;
import io.loreley.store.Catalogue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The experiments that requests name, looked up once in a while. Safe for many threads. */
final class Experiments {

    /** Settings hardly change; how many jobs there are is asked elsewhere. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Catalogue catalogue;
    private final CardListing cards;
    private final Function<String, Hub> hubs;
    private final InstantSource clock;
    private final Map<ExperimentId, Found> found = new ConcurrentHashMap<>();

    Experiments(WebSources sources) {
        this.catalogue = new Catalogue(sources.database());
        this.cards = new CardListing(sources.database());
        this.hubs = sources.hubs();
        this.clock = sources.clock();
    }

    Catalogue catalogue() {
        return catalogue;
    }

    CardListing cards() {
        return cards;
    }

    /** The experiment of a request. */
    Catalogue.Entry of(Call call) {
        ExperimentId id = call.experiment();
        Found known = found.get(id);
        boolean good = known != null && Pulse.isYounger(Duration.between(known.at, clock.instant()), FRESH);
        return known != null && good ? known.entry : now(id);
    }

    /** As it is now: for an answer about it that is kept until something changes. */
    Catalogue.Entry now(ExperimentId id) {
        Instant now = clock.instant();
        Catalogue.Entry entry = catalogue.find(id).orElseThrow(() -> Problem.notFound("there is no experiment " + id));
        found.put(id, new Found(entry, now));
        return entry;
    }

    /** Where the commits of an experiment are. */
    Hub hub(Catalogue.Entry experiment) {
        return hubs.apply(experiment.repository());
    }

    static Objective objective(Catalogue.Entry experiment) {
        return experiment.objective().orElse(UNKNOWN);
    }

    /** Which way a metric gets better: as the settings say, or else its evaluator. */
    Direction direction(Catalogue.Entry experiment, String metric) {
        return objective(experiment)
                .directionOf(metric)
                .orElseGet(() -> cards.metrics(experiment.id()).getOrDefault(metric, Direction.MAXIMIZE));
    }

    /** Of experiments that another version stored: nothing has this metric. */
    private static final Objective UNKNOWN = new Objective("objective", Direction.MAXIMIZE);

    /** The card of the commit that a request names. */
    CardListing.Line card(Catalogue.Entry experiment, String hash) {
        return cards.find(experiment.id(), hash, objective(experiment).metric())
                .orElseThrow(
                        () -> Problem.notFound("experiment '%s' has no commit %s".formatted(experiment.name(), hash)));
    }

    /** A commit, the word for one, or its first digits. */
    CommitHash resolve(Catalogue.Entry experiment, CardListing.Line card, String against) {
        return switch (against) {
            case "parent" -> {
                String parent = card.parent();
                yield parent == null ? card.commit() : new CommitHash(parent);
            }
            case "root" ->
                new CommitHash(experiment.root().orElseThrow(() -> Problem.notFound("the root is not known")));
            default -> card(experiment, Call.hash(against)).commit();
        };
    }

    private record Found(Catalogue.Entry entry, Instant at) {}
}

package io.loreley.examples.packing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What this agent needs of the request that Loreley hands to a `command` agent: the seed, how long it may take, and
/// the hashes of the commits that may inspire it.
record Request(long seed, Duration timeLimit, List<String> inspirations) {

    Request {
        inspirations = List.copyOf(inspirations);
    }

    /// @throws IllegalArgumentException if the text is not JSON, or lacks a member that is needed
    static Request parse(String text) {
        if (!(Json.parse(text) instanceof Json.Obj request)) {
            throw new IllegalArgumentException("request: expected a JSON object");
        }
        if (!(request.at("seed") instanceof Json.Num seed)) {
            throw new IllegalArgumentException("request: `seed` is not a number");
        }
        if (!(request.at("time_limit_seconds") instanceof Json.Num limit)) {
            throw new IllegalArgumentException("request: `time_limit_seconds` is not a number");
        }
        List<String> inspirations = new ArrayList<>();
        if (request.at("inspirations") instanceof Json.Arr listed) {
            for (Json item : listed.items()) {
                if (item instanceof Json.Obj inspiration && inspiration.at("commit") instanceof Json.Str commit) {
                    inspirations.add(commit.value());
                }
            }
        }
        Duration timeLimit = Duration.ofMillis((long) (limit.value().doubleValue() * 1000));
        return new Request(seed.value().longValue(), timeLimit, inspirations);
    }
}

package io.loreley.agent;

import io.loreley.contract.Leftovers;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Direction;
import io.loreley.domain.Measurement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests as a worker would make them. */
final class Requests {

    static final long SEED = 8_070_450_532_247_928_832L;

    private Requests() {}

    static AgentRequest code(double seconds) {
        return request(
                AgentRequest.Stage.CODE, "Make it faster.", List.of(brief('b', "An inspiration")), null, seconds);
    }

    static AgentRequest plan() {
        return request(AgentRequest.Stage.PLAN, "Make it faster.", List.of(), null, 60);
    }

    static AgentRequest request(
            AgentRequest.Stage stage,
            String goal,
            List<CommitBrief> inspirations,
            @Nullable String plan,
            double seconds) {
        return new AgentRequest(
                stage,
                "6f1c",
                goal,
                List.of("Keep the API"),
                List.of("All tests pass"),
                brief('a', "The base"),
                inspirations,
                plan,
                List.of(),
                "Drawn by hand",
                SEED,
                Duration.ofMillis(Math.round(seconds * 1000)));
    }

    static CommitBrief brief(char digit, String subject) {
        return new CommitBrief(
                new CommitHash(String.valueOf(digit).repeat(40)),
                subject,
                "Changed the loop.",
                "It took 1.5 s.",
                List.of(new Measurement("time", 1.5, "s", Direction.MINIMIZE, Map.of("runs", 3))),
                List.of("src/loop.c"),
                List.of("Unrolled"));
    }

    static AgentSettings settings(List<String> command, @Nullable List<String> planCommand) {
        return new AgentSettings(
                AgentKind.COMMAND,
                null,
                SchemaMode.LENIENT,
                CliSettings.USUAL,
                command,
                planCommand,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                List.of(Leftovers.VARIABLE),
                ContainmentSettings.USUAL);
    }
}

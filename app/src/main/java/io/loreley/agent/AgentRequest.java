package io.loreley.agent;

import io.loreley.process.KnownSecrets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is asked, independent of who it is.
 *
 * @param job names the job in logs and in the request file
 * @param plan what the planning stage said; absent while planning, and when there is none
 * @param context what else is known, for the prompt; each quoted as data
 * @param iterationHint one line on how the job was drawn
 * @param seed makes a seeded agent repeat itself
 * @param timeLimit how long the program may run
 */
public record AgentRequest(
        Stage stage,
        String job,
        String goal,
        List<String> constraints,
        List<String> acceptanceCriteria,
        CommitBrief base,
        List<CommitBrief> inspirations,
        @Nullable String plan,
        List<PromptSection> context,
        @Nullable String iterationHint,
        long seed,
        Duration timeLimit) {

    public AgentRequest {
        constraints = List.copyOf(constraints);
        acceptanceCriteria = List.copyOf(acceptanceCriteria);
        inspirations = List.copyOf(inspirations);
        context = List.copyOf(context);
    }

    /** The same without the secrets that goal, plan, or what earlier candidates printed may hold. */
    AgentRequest masked(KnownSecrets secrets) {
        return new AgentRequest(
                stage,
                job,
                secrets.mask(goal),
                secrets.mask(constraints),
                secrets.mask(acceptanceCriteria),
                base.masked(secrets),
                inspirations.stream().map(brief -> brief.masked(secrets)).toList(),
                plan == null ? null : secrets.mask(plan),
                context.stream().map(section -> section.masked(secrets)).toList(),
                iterationHint == null ? null : secrets.mask(iterationHint),
                seed,
                timeLimit);
    }

    /** What the agent does. */
    public enum Stage {
        /** Says what to change, and changes nothing. */
        PLAN,
        /** Changes the work tree. */
        CODE
    }
}

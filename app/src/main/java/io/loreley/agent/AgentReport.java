package io.loreley.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says it did. The work tree says what it really did.
 *
 * @param summary one paragraph; becomes the change summary of the commit card
 * @param commitMessage a proposed subject line, if the agent made one
 * @param details whatever else the report holds, as JSON values
 */
public record AgentReport(String summary, @Nullable String commitMessage, Map<String, Object> details) {

    /** How many notes a plan may hand over. */
    public static final int NOTES = 20;

    /** The detail that holds a plan with its steps. */
    static final String PLAN = "plan";

    public AgentReport {
        details = Map.copyOf(details);
    }

    /** All that a plan says, for the one who carries it out: its steps where it has any, else its summary. */
    public String inFull() {
        return details.get(PLAN) instanceof Map<?, ?> plan
                ? PlanReport.FORMAT.of(plan).text()
                : summary;
    }

    /** As JSON values. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("summary", summary);
        if (commitMessage != null) {
            json.put("commit_message", commitMessage);
        }
        json.put("details", details);
        return json;
    }

    /** The report that {@link #json} was made of. */
    @SuppressWarnings("unchecked")
    public static AgentReport of(@Nullable Map<String, Object> json) {
        Objects.requireNonNull(json, "a finished stage without a result");
        return new AgentReport(
                (String) Objects.requireNonNull(json.get("summary")),
                (String) json.get("commit_message"),
                (Map<String, Object>) Objects.requireNonNull(json.get("details")));
    }
}

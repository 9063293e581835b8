package io.loreley.agent;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says it did. The work tree says what it really did.
 *
 * @param summary one paragraph; becomes the change summary of the commit card
 * @param commitMessage a proposed subject line, if the agent made one
 * @param details whatever else the report holds, as JSON values
 */
public record AgentReport(String summary, @Nullable String commitMessage, Map<String, Object> details) {

    public AgentReport {
        details = Map.copyOf(details);
    }
}

package io.loreley.agent;

import io.loreley.domain.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the report file of the agent contract: an object with the text {@code summary}, perhaps the text
 * {@code commit_message}; whatever else it holds becomes the details. Refuses with {@link IllegalArgumentException}.
 */
final class ReportReader {

    private ReportReader() {}

    static AgentReport read(byte[] content) {
        JsonNode json = Json.parse(content);
        if (!json.isObject()) {
            throw new IllegalArgumentException("must be an object, and is " + Json.describe(json));
        }
        String summary = Json.text("summary", json.get("summary"));
        if (summary == null || summary.isBlank()) {
            throw new IllegalArgumentException("must hold a summary, and 'summary' is absent or blank");
        }
        Map<String, Object> details = Json.values("report", json);
        details.remove("summary");
        details.remove("commit_message");
        return new AgentReport(
                summary.strip(), present(Json.text("commit_message", json.get("commit_message"))), details);
    }

    private static @Nullable String present(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}

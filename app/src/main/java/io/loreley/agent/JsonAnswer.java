package io.loreley.agent;

import io.loreley.domain.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The JSON object in what a model answered: all of it, the content of a fence, or what stands between braces. */
final class JsonAnswer {

    private static final String FENCE = "```";

    private JsonAnswer() {}

    /** Refuses with {@link IllegalArgumentException}, whose message completes the sentence "the report …". */
    static JsonNode in(String answer) {
        String text = answer.strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("is empty");
        }
        IllegalArgumentException refusal;
        try {
            return object(text);
        } catch (IllegalArgumentException e) {
            refusal = e;
        }
        for (String fenced : fenced(text)) {
            try {
                return object(fenced);
            } catch (IllegalArgumentException e) {
                refusal = e;
            }
        }
        int from = text.indexOf('{');
        int to = text.lastIndexOf('}');
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("is prose: it holds no JSON object", refusal);
        }
        return object(text.substring(from, to + 1));
    }

    /** What stands between a line that begins with a fence and the next that is one. */
    private static List<String> fenced(String text) {
        List<String> found = new ArrayList<>();
        StringBuilder open = null;
        for (String line : text.lines().toList()) {
            String stripped = line.strip();
            if (open == null) {
                open = stripped.startsWith(FENCE) ? new StringBuilder() : null;
            } else if (stripped.equals(FENCE)) {
                found.add(open.toString());
                open = null;
            } else {
                open.append(line).append('\n');
            }
        }
        return found;
    }

    private static JsonNode object(String text) {
        JsonNode json = Json.parse(text.getBytes(StandardCharsets.UTF_8));
        if (!json.isObject()) {
            throw new IllegalArgumentException("must be an object, and is " + Json.describe(json));
        }
        return json;
    }
}

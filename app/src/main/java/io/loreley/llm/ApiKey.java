package io.loreley.llm;

import java.util.Map;
import java.util.Optional;

/** What an endpoint knows its customer by. It shows itself to nobody: not in logs, messages or JSON. */
public final class ApiKey {

    /** Where it is read from. */
    public static final String VARIABLE = "OPENAI_API_KEY";

    private static final String MASK = "***";

    private final String value;

    private ApiKey(String value) {
        this.value = value;
    }

    /** The key in an environment, if there is one. */
    public static Optional<ApiKey> in(Map<String, String> environment) {
        String value = environment.getOrDefault(VARIABLE, "").strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(new ApiKey(value));
    }

    String header() {
        return "Bearer " + value;
    }

    /** A text of an endpoint's, which may quote the key. */
    String masked(String text) {
        return text.replace(value, MASK);
    }

    @Override
    public String toString() {
        return MASK;
    }
}

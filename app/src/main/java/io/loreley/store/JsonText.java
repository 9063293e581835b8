package io.loreley.store;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** JSON values as text, for statements that no entity carries. */
final class JsonText {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonText() {}

    static String of(Map<String, ?> values) {
        return JSON.writeValueAsString(values);
    }
}

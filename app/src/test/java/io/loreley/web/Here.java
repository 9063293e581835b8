package io.loreley.web;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A machine of which there is nothing to say. */
record Here(Path home) implements WebSources.Machine {

    @Override
    public String user() {
        return "ann";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of();
    }

    @Override
    public List<WebSources.Finding> checks() {
        return List.of();
    }
}

package io.loreley.scheduler;

import io.loreley.cli.ProjectSettings;
import io.loreley.cli.settings.SettingsBinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The settings of a project that says as little as it can. */
final class TestSettings {

    private TestSettings() {}

    static SearchSettings search() {
        return project("{seeds: 2, inspirations: 1, cells-per-dimension: 4}").search();
    }

    /** @param search the section of that name, as YAML on one line */
    static ProjectSettings project(String search) {
        try {
            Path file = Files.createTempFile("loreley-", ".yaml");
            try {
                Files.writeString(file, """
                        name: simulation
                        goal: A larger number.
                        agent: {command: [none]}
                        evaluator: {command: [none]}
                        objective: {metric: value}
                        search: %s
                        """.formatted(search));
                return new SettingsBinder(Map.of(), Map.of()).bind(ProjectSettings.class, file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.loreley.cli;

import io.loreley.agent.PromptTemplates;
import io.loreley.cli.settings.SettingsBinder;
import io.loreley.cli.settings.Source;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a {@code loreley.yaml}.
 *
 * @param folder absolute; what {@code ${project}} stands for
 * @param fileName the name of its settings' file
 * @param prompts the templates in the folder {@code prompts}, where there are any
 * @param seed the seed if a flag gave it: without the flag, the project means another experiment
 */
public record Project(
        Path folder,
        String fileName,
        ProjectSettings settings,
        PromptTemplates prompts,
        @Nullable String seed) {

    static final String FILE = "loreley.yaml";

    static final String SEED = "search.seed";

    /** The words that go on with it, as a person would type them after the program's name. */
    List<String> continuation() {
        String place = fileName.equals(FILE)
                ? folder.toString()
                : folder.resolve(fileName).toString();
        return seed == null ? List.of("run", place) : List.of("run", place, "--seed", seed);
    }

    /** The same place with the settings and templates that its experiment was stored with. */
    Project with(ProjectSettings stored, PromptTemplates templates) {
        return new Project(folder, fileName, stored, templates, seed);
    }

    /**
     * Reads a project.
     *
     * @param place the folder, or the file itself
     * @param flags by the full path of the key
     * @throws LoreleyException of kind CONFIGURATION, one problem a line
     */
    public static Project load(Path place, Map<String, Source> flags, Map<String, String> environment) {
        Path file = Files.isDirectory(place) ? place.resolve(FILE) : place;
        if (!Files.exists(file)) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "%s does not exist. Name a folder with a %s in it, as in: loreley run examples/circle-packing"
                            .formatted(file, FILE));
        }
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new LoreleyException(FailureKind.CONFIGURATION, absolute + " is not a file in a folder");
        }
        ProjectSettings settings = new SettingsBinder(flags, environment).bind(ProjectSettings.class, absolute);
        return new Project(
                folder,
                String.valueOf(absolute.getFileName()),
                settings,
                new PromptTemplates(
                        template(folder.resolve("prompts/plan.md")), template(folder.resolve("prompts/code.md"))),
                Optional.ofNullable(flags.get(SEED)).map(Source::text).orElse(null));
    }

    private static @Nullable String template(Path file) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "The prompt template %s cannot be read: %s. It has to be UTF-8 text.".formatted(file, Reason.of(e)),
                    e);
        }
    }

    /** Where the evolved repository, or the folder to import, lies. */
    public Path repository() {
        return folder.resolve(settings.repository()).normalize();
    }
}

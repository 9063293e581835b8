package io.loreley.cli;

import io.loreley.cli.settings.SettingsBinder;
import io.loreley.cli.settings.Source;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A folder with a {@code loreley.yaml}.
 *
 * @param folder absolute; what {@code ${project}} stands for
 * @param fileName the name of its settings' file
 */
public record Project(Path folder, String fileName, ProjectSettings settings) {

    static final String FILE = "loreley.yaml";

    public Project(Path folder, ProjectSettings settings) {
        this(folder, FILE, settings);
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
        return new Project(
                folder,
                String.valueOf(absolute.getFileName()),
                new SettingsBinder(flags, environment).bind(ProjectSettings.class, absolute));
    }

    /** Where the evolved repository, or the folder to import, lies. */
    public Path repository() {
        return folder.resolve(settings.repository()).normalize();
    }
}

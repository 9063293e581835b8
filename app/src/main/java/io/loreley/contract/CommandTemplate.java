package io.loreley.contract;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arguments of a program as the settings hold them. {@code ${project}} stands for the project's folder,
 * {@code ${java}} for the java that runs Loreley, and {@code $${…}} for a literal <code>${…}</code>.
 *
 * @param setting the key that holds it, for messages
 */
public record CommandTemplate(String setting, List<String> arguments) {

    private static final Pattern PLACEHOLDER = Pattern.compile("(\\$?)\\$\\{([^}]*)}");

    public CommandTemplate {
        arguments = List.copyOf(arguments);
        if (arguments.isEmpty() || arguments.getFirst().isBlank()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "%s names no program. Give a list: the program, then its arguments.".formatted(setting));
        }
    }

    /** The arguments for a project on this machine; refuses a placeholder that it does not know. */
    public List<String> expand(Path project) {
        Map<String, String> values = Map.of(
                "project", project.toAbsolutePath().normalize().toString(),
                "java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return arguments.stream().map(argument -> expand(argument, values)).toList();
    }

    private String expand(String argument, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(argument)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1).isEmpty()
                                ? known(match.group(2), values)
                                : match.group().substring(1)));
    }

    private String known(String name, Map<String, String> values) {
        String value = values.get(name);
        if (value == null) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "%s holds the unknown placeholder ${%s}; known are %s. Write $${%s} if the program is to see it."
                            .formatted(setting, name, new TreeSet<>(values.keySet()), name));
        }
        return value;
    }
}

package io.loreley.agent;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words around what a prompt says: Loreley's own, or a project's. A placeholder is a line of its own.
 *
 * @param plan a project's template for planning; absent for Loreley's own
 * @param code a project's template for coding; absent for Loreley's own
 */
public record PromptTemplates(
        @Nullable String plan, @Nullable String code) {

    public static final PromptTemplates BUILT_IN = new PromptTemplates(null, null);

    static final List<String> PLACEHOLDERS =
            List.of("goal", "hint", "base", "plan", "context", "inspirations", "delivery");

    /** Without these an agent knows neither what to do nor how to answer. */
    private static final List<String> REQUIRED = List.of("goal", "delivery");

    private static final Pattern PLACEHOLDER = Pattern.compile("(?m)^\\{\\{([^{}\n]*)}}\\h*(?:\n|\\z)");

    public PromptTemplates {
        plan = withoutCarriageReturns(plan);
        code = withoutCarriageReturns(code);
        requireUsable("prompts/plan.md", plan);
        requireUsable("prompts/code.md", code);
    }

    /** An editor on Windows ends lines with two characters; a placeholder ends with one. */
    private static @Nullable String withoutCarriageReturns(@Nullable String template) {
        return template == null ? null : template.replace("\r\n", "\n");
    }

    private static void requireUsable(String file, @Nullable String template) {
        if (template == null) {
            return;
        }
        List<String> found = PLACEHOLDER
                .matcher(template)
                .results()
                .map(match -> match.group(1).strip())
                .toList();
        for (String name : found) {
            if (!PLACEHOLDERS.contains(name)) {
                throw refused(file, "holds the unknown placeholder {{%s}}".formatted(name));
            }
        }
        for (String name : REQUIRED) {
            if (!found.contains(name)) {
                throw refused(file, "lacks a line {{%s}}".formatted(name));
            }
        }
    }

    private static LoreleyException refused(String file, String why) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                "The prompt template %s %s. Known are %s, each on a line of its own; docs/agents.md says what they become."
                        .formatted(file, why, new TreeSet<>(PLACEHOLDERS)));
    }

    /** A template with each placeholder replaced by what {@code sections} makes of its name. */
    String fill(AgentRequest.Stage stage, UnaryOperator<String> sections) {
        return PLACEHOLDER
                .matcher(template(stage))
                .replaceAll(match ->
                        Matcher.quoteReplacement(sections.apply(match.group(1).strip())));
    }

    private String template(AgentRequest.Stage stage) {
        String own = switch (stage) {
            case PLAN -> plan;
            case CODE -> code;
        };
        return own == null ? builtIn(stage) : own;
    }

    private static String builtIn(AgentRequest.Stage stage) {
        String name = stage.name().toLowerCase(Locale.ROOT) + ".md";
        try (InputStream in = PromptTemplates.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

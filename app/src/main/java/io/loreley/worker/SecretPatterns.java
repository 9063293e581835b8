package io.loreley.worker;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.KnownSecrets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * What gives a secret away in a line of text: the shapes of well-known keys and tokens, and the values that this process
 * keeps secret. It names the rule, never the secret. Immutable.
 */
public final class SecretPatterns {

    /** Shorter values stand in innocent text by chance. */
    private static final int SHORTEST_VALUE = 12;

    /** Longer lines are data; bounds the time that a pattern takes. */
    private static final int LONGEST_LINE = 20_000;

    private final SequencedMap<String, Pattern> shapes = new LinkedHashMap<>();
    private final Map<String, String> names;

    /**
     * @param own regular expressions of the user's
     * @param environment of this process: its secrets, as {@link KnownSecrets} tells them, but for names of files
     */
    public SecretPatterns(List<String> own, Map<String, String> environment) {
        shapes.put("a private key", Pattern.compile("-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"));
        shapes.put("an AWS access key", Pattern.compile("\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"));
        shapes.put("a GitHub token", Pattern.compile("\\b(?:gh[opusr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50})"));
        shapes.put("a GitLab token", Pattern.compile("\\bglpat-[A-Za-z0-9_-]{20}"));
        shapes.put("an Anthropic key", Pattern.compile("\\bsk-ant-[A-Za-z0-9_-]{24}"));
        shapes.put("an OpenAI key", Pattern.compile("\\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32}"));
        shapes.put("a Google key", Pattern.compile("\\bAIza[0-9A-Za-z_-]{35}"));
        shapes.put("a Slack token", Pattern.compile("\\bxox[abeprs]-[A-Za-z0-9-]{20}"));
        shapes.put("a Hugging Face token", Pattern.compile("\\bhf_[A-Za-z0-9]{30}"));
        shapes.put("a Stripe key", Pattern.compile("\\b[rs]k_live_[A-Za-z0-9]{20}"));
        own.forEach(pattern -> shapes.put("commit.secrets '%s'".formatted(pattern), Pattern.compile(pattern)));
        names = KnownSecrets.named(environment);
        names.keySet().removeIf(value -> value.length() < SHORTEST_VALUE || isFile(value));
    }

    /** A variable may say where a secret lies. */
    private static boolean isFile(String value) {
        try {
            return Files.exists(Path.of(value));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** What the line gives away, in words; empty for nothing. */
    Optional<String> in(String line) {
        for (Map.Entry<String, String> secret : names.entrySet()) {
            if (line.contains(secret.getKey())) {
                return Optional.of("the value of %s".formatted(secret.getValue()));
            }
        }
        String looked = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
        List<String> found = new ArrayList<>();
        shapes.forEach((name, shape) -> {
            if (found.isEmpty() && isIn(looked, name, shape)) {
                found.add(name);
            }
        });
        return found.stream().findFirst();
    }

    /** The JDK takes a step down its stack for each round of a group that is repeated. */
    private static boolean isIn(String line, String name, Pattern shape) {
        try {
            return shape.matcher(line).find();
        } catch (StackOverflowError e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "%s cannot be looked for in a line of %d characters, because it repeats a group too often. Write (?:…)*+ in place of (…)*, or a class of characters in place of the group."
                            .formatted(name, line.length()),
                    e);
        }
    }
}

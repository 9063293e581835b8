package io.loreley.embedding;

import io.loreley.domain.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of ignore files, read as git reads them: the last rule that matches decides, and nothing below an ignored
 * folder can be taken back. Immutable.
 *
 * @see <a href="https://git-scm.com/docs/gitignore">gitignore</a>
 */
final class IgnoreRules {

    static final IgnoreRules NONE = new IgnoreRules(List.of());

    private static final Pattern LINE_END = Pattern.compile("\r?\n");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final List<Rule> rules;

    private IgnoreRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** The rules of one file that lies at the top of what is matched. */
    static IgnoreRules parse(String text) {
        return parse(text, "");
    }

    /**
     * The rules of one file.
     *
     * @param folder that it lies in and says something of, with a slash behind it; empty for all
     */
    static IgnoreRules parse(String text, String folder) {
        List<Rule> rules = new ArrayList<>();
        String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        for (String line : LINE_END.split(content, -1)) {
            Rule rule = Rule.parse(line, folder);
            if (rule != null) {
                rules.add(rule);
            }
        }
        return new IgnoreRules(rules);
    }

    /** These rules, and then others that may override them. */
    IgnoreRules then(IgnoreRules later) {
        List<Rule> all = new ArrayList<>(rules);
        all.addAll(later.rules);
        return new IgnoreRules(all);
    }

    /** Whether a file, or a folder that it lies in, is ignored. */
    boolean ignores(String file) {
        if (rules.isEmpty()) {
            return false;
        }
        for (int slash = file.indexOf('/'); slash >= 0; slash = file.indexOf('/', slash + 1)) {
            if (decides(file.substring(0, slash), true)) {
                return true;
            }
        }
        return decides(file, false);
    }

    private boolean decides(String path, boolean folder) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        for (int i = rules.size() - 1; i >= 0; i--) {
            Rule rule = rules.get(i);
            if (rule.matches(path, name, folder)) {
                return !rule.negated;
            }
        }
        return false;
    }

    /**
     * One line.
     *
     * @param folder where it holds
     * @param nameOnly the pattern has no slash, and is compared with the last part of a path at any depth
     */
    private record Rule(String folder, Glob glob, boolean negated, boolean foldersOnly, boolean nameOnly) {

        static @Nullable Rule parse(String line, String folder) {
            String pattern = withoutTrailingBlanks(line);
            if (pattern.isEmpty() || pattern.startsWith("#")) {
                return null;
            }
            boolean negated = pattern.startsWith("!");
            if (negated) {
                pattern = pattern.substring(1);
            }
            boolean foldersOnly = pattern.endsWith("/");
            if (foldersOnly) {
                pattern = pattern.substring(0, pattern.length() - 1);
            }
            if (pattern.isEmpty()) {
                return null;
            }
            boolean nameOnly = pattern.indexOf('/') < 0;
            String anchored = pattern.startsWith("/") ? pattern.substring(1) : pattern;
            return new Rule(folder, Glob.of(anchored), negated, foldersOnly, nameOnly);
        }

        boolean matches(String path, String name, boolean isFolder) {
            return (isFolder || !foldersOnly)
                    && path.startsWith(folder)
                    && glob.matches(nameOnly ? name : path.substring(folder.length()));
        }

        /** Blanks at the end do not count, unless a backslash stands before them. */
        private static String withoutTrailingBlanks(String line) {
            int end = line.length();
            while (end > 0 && line.charAt(end - 1) == ' ') {
                end--;
            }
            int backslashes = 0;
            while (backslashes < end && line.charAt(end - 1 - backslashes) == '\\') {
                backslashes++;
            }
            return backslashes % 2 == 1 && end < line.length() ? line.substring(0, end + 1) : line.substring(0, end);
        }
    }
}

package io.loreley.worker;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Patterns of paths that must not be added; the last that fits decides. A path is denied with each folder that it lies in.
 * Immutable.
 */
final class DenyList {

    private final List<Rule> rules;

    DenyList(List<String> patterns) {
        this.rules = patterns.stream().map(Rule::of).toList();
    }

    /**
     * The pattern that denies a path.
     *
     * @param path of a file, from the repository's root
     * @param holds whether the base holds a folder
     */
    Optional<String> denying(String path, Predicate<String> holds) {
        Optional<String> denying = Optional.empty();
        for (Rule rule : rules) {
            if (rule.fits(Path.of(path), holds)) {
                denying = rule.allows() ? Optional.empty() : Optional.of(rule.pattern());
            }
        }
        return denying;
    }

    /**
     * One pattern.
     *
     * @param whole the matcher sees paths from the root, else names
     */
    private record Rule(String pattern, boolean allows, boolean folder, boolean whole, PathMatcher matcher) {

        static Rule of(String pattern) {
            boolean allows = pattern.startsWith("!");
            String glob = allows ? pattern.substring(1) : pattern;
            boolean folder = glob.endsWith("/");
            glob = folder ? glob.substring(0, glob.length() - 1) : glob;
            boolean whole = glob.contains("/");
            glob = glob.startsWith("/") ? glob.substring(1) : glob;
            return new Rule(
                    pattern, allows, folder, whole, FileSystems.getDefault().getPathMatcher("glob:" + glob));
        }

        boolean fits(Path file, Predicate<String> holds) {
            for (Path path = folder ? file.getParent() : file; path != null; path = path.getParent()) {
                if (matcher.matches(whole ? path : path.getFileName())) {
                    return !folder || !holds.test(path.toString());
                }
            }
            return false;
        }
    }
}

package io.loreley.worker;

import io.loreley.domain.Glob;
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
            if (rule.fits(path, holds)) {
                denying = rule.allows() ? Optional.empty() : Optional.of(rule.pattern());
            }
        }
        return denying;
    }

    /**
     * One pattern.
     *
     * @param whole the glob sees paths from the root, else names
     */
    private record Rule(String pattern, boolean allows, boolean folder, boolean whole, Glob glob) {

        static Rule of(String pattern) {
            boolean allows = pattern.startsWith("!");
            String glob = allows ? pattern.substring(1) : pattern;
            boolean folder = glob.endsWith("/");
            glob = folder ? glob.substring(0, glob.length() - 1) : glob;
            boolean whole = glob.contains("/");
            glob = glob.startsWith("/") ? glob.substring(1) : glob;
            return new Rule(pattern, allows, folder, whole, Glob.of(glob));
        }

        boolean fits(String file, Predicate<String> holds) {
            for (int end = folder ? file.lastIndexOf('/') : file.length();
                    end > 0;
                    end = file.lastIndexOf('/', end - 1)) {
                String path = file.substring(0, end);
                if (glob.matches(whole ? path : path.substring(path.lastIndexOf('/') + 1))) {
                    return !folder || !holds.test(path);
                }
            }
            return false;
        }
    }
}

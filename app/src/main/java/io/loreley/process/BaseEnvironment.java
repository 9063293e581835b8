package io.loreley.process;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The environment of a program: an allow-list that no secret is on, and what the user names besides. */
public final class BaseEnvironment {

    private static final Set<String> ALLOWED =
            Set.of("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "USER", "LOGNAME");

    private static final String LOCALE = "LC_";

    private BaseEnvironment() {}

    /**
     * Those variables of {@code parent} that every program may see, and those named.
     *
     * @param passNames exact names; one that is not set is left out
     */
    public static Map<String, String> of(Map<String, String> parent, List<String> passNames) {
        var environment = new TreeMap<String, String>();
        parent.forEach((name, value) -> {
            if (ALLOWED.contains(name) || name.startsWith(LOCALE) || passNames.contains(name)) {
                environment.put(name, value);
            }
        });
        return Map.copyOf(environment);
    }
}

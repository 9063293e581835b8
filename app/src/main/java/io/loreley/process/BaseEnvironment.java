package io.loreley.process;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The part of an environment that any program may see: where programs lie, who and where it is, language and time zone. */
public final class BaseEnvironment {

    private static final Set<String> NAMES =
            Set.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR", "SYSTEMROOT");

    private BaseEnvironment() {}

    /** The allowed variables of {@code parent}, and besides them those that are named. */
    public static Map<String, String> of(Map<String, String> parent, Collection<String> alsoNamed) {
        Map<String, String> allowed = new TreeMap<>();
        parent.forEach((name, value) -> {
            if (NAMES.contains(name) || name.startsWith("LC_") || alsoNamed.contains(name)) {
                allowed.put(name, value);
            }
        });
        return allowed;
    }
}

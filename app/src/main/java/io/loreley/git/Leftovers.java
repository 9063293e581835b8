package io.loreley.git;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What lies in a folder besides the files of an index: what {@code git clean -ffdx} would take away. In doubt there is
 * something, and git must look: a name that cannot be compared byte for byte, a submodule, a folder that cannot be read.
 *
 * <p>Names are all that is compared, and that a folder is one. That what bears the name of a file is the right one, git has
 * made sure of when it checked the index out; and to ask the kernel again for each of ten thousand files takes most of the
 * time. But git follows a link that a program put in a folder's place, and takes the files there for its own.
 */
final class Leftovers {

    /** How a folder compares to the index that was just checked out into it. */
    enum State {
        /** It holds the files of the index and their folders, and surely nothing else. */
        NONE,
        /** It may hold more. */
        SOME,
        /** It lacks something, or a link lies in a folder's place: git cannot repair what it takes for right. */
        BROKEN
    }

    /** Where a name is decoded in another way, only one of ASCII characters is known byte for byte. */
    private static final boolean NAMES_ARE_UTF_8 = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

    private static final char UNDECODABLE = '\uFFFD';

    private static final String ROOT = "";

    private Leftovers() {}

    static State of(Path root, GitIndex index) {
        Map<String, Set<String>> names = new HashMap<>();
        names.put(ROOT, new HashSet<>());
        State state = State.NONE;
        for (int i = 0; i < index.size(); i++) {
            if (index.isSubmodule(i)) {
                state = State.SOME;
            }
            add(index.path(i), names);
        }
        for (Map.Entry<String, Set<String>> folder : names.entrySet()) {
            State found = compare(root, folder.getKey(), folder.getValue());
            if (found.compareTo(state) > 0) {
                state = found;
            }
        }
        return state;
    }

    /** Adds a path to the names of its folder, and that to the names of its own, as far as it is not known. */
    private static void add(String path, Map<String, Set<String>> names) {
        int slash = path.lastIndexOf('/');
        String folder = slash < 0 ? ROOT : path.substring(0, slash);
        Set<String> known = names.get(folder);
        if (known == null) {
            known = new HashSet<>();
            names.put(folder, known);
            add(folder, names);
        }
        known.add(path.substring(slash + 1));
    }

    private static State compare(Path root, String path, Set<String> names) {
        if (!NAMES_ARE_UTF_8 && !isAscii(path)) {
            return State.SOME;
        }
        File folder = new File(root.toFile(), decoded(path));
        if (Files.isSymbolicLink(folder.toPath())) {
            return State.BROKEN;
        }
        String[] found = folder.list();
        if (found == null) {
            return State.SOME;
        }
        int known = 0;
        for (String name : found) {
            if (isNamed(name, names)) {
                known++;
            }
        }
        if (known < names.size() && names.stream().allMatch(Leftovers::isAscii)) {
            return State.BROKEN;
        }
        return known == found.length ? State.NONE : State.SOME;
    }

    /** An index holds bytes. Where they are no UTF-8, the folder above has a name that is in doubt already. */
    private static String decoded(String path) {
        return isAscii(path) ? path : new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static boolean isNamed(String name, Set<String> names) {
        if (isAscii(name)) {
            return names.contains(name);
        }
        return NAMES_ARE_UTF_8
                && name.indexOf(UNDECODABLE) < 0
                && names.contains(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}

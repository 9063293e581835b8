package io.loreley.git;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The trees that an index stands for, as {@code git write-tree} makes them: those that git no longer knows are put
 * together anew.
 *
 * @param root the name of the tree of everything
 * @param made those that git does not know: none comes before a tree that it names
 * @param named the other objects that those name, which should be there
 */
record IndexTrees(String root, List<NewObject> made, Set<String> named) {

    IndexTrees {
        made = List.copyOf(made);
        named = Set.copyOf(named);
    }

    static IndexTrees of(GitIndex index) {
        var walk = new Walk(index);
        String root = walk.tree("");
        return new IndexTrees(root, walk.made, walk.named);
    }

    /**
     * Goes through the files once. The order in a tree is that of the index, where a folder stands as its files do: as if its
     * name ended with a slash.
     */
    private static final class Walk {

        private final GitIndex index;
        private final List<NewObject> made = new ArrayList<>();
        private final Set<String> named = new HashSet<>();
        private int next;

        Walk(GitIndex index) {
            this.index = index;
        }

        String tree(String folder) {
            String prefix = folder.isEmpty() ? "" : folder + "/";
            GitIndex.KnownTree known = index.tree(folder);
            if (known != null && isSpan(known.files(), prefix)) {
                next += known.files();
                named.add(known.name());
                return known.name();
            }
            var tree = new NewObject(NewObject.Type.TREE, entries(prefix));
            made.add(tree);
            return tree.name();
        }

        /** Whether the next files, so many and no more, are those of the folder. */
        private boolean isSpan(int files, String prefix) {
            int end = next + files;
            return end <= index.size()
                    && (files == 0 || index.path(end - 1).startsWith(prefix))
                    && (end == index.size() || !index.path(end).startsWith(prefix));
        }

        private byte[] entries(String prefix) {
            var entries = new ByteArrayOutputStream();
            while (next < index.size() && index.path(next).startsWith(prefix)) {
                String path = index.path(next);
                int slash = path.indexOf('/', prefix.length());
                if (slash < 0) {
                    add(entries, Integer.toOctalString(index.mode(next)), path.substring(prefix.length()), file());
                } else {
                    add(entries, "40000", path.substring(prefix.length(), slash), tree(path.substring(0, slash)));
                }
            }
            return entries.toByteArray();
        }

        private String file() {
            String object = index.object(next);
            if (!index.isSubmodule(next)) {
                named.add(object);
            }
            next++;
            return object;
        }

        private static void add(ByteArrayOutputStream entries, String mode, String name, String object) {
            entries.writeBytes((mode + " " + name + "\0").getBytes(StandardCharsets.ISO_8859_1));
            entries.writeBytes(HexFormat.of().parseHex(object));
        }
    }
}

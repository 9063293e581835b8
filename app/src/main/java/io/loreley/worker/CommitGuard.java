package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.BlobVisitor;
import io.loreley.git.FileMode;
import io.loreley.git.Hub;
import io.loreley.git.TreeChange;
import io.loreley.git.TreeEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what an agent left before it becomes a commit, and so a branch that people push: nothing of what
 * {@link CommitSettings} denies, nothing too large, no secret in an added line. What the base holds is the project's own
 * and may stay, or move. Safe for many threads.
 */
public final class CommitGuard {

    /** Violations that are told; a folder of dependencies has thousands. */
    private static final int TOLD = 10;

    /** Git takes a file with a NUL in its first bytes for a binary one. */
    private static final int SNIFFED = 8000;

    private static final long KIB = 1024;

    private final CommitSettings settings;
    private final Hub hub;
    private final DenyList denied;
    private final SecretPatterns secrets;

    public CommitGuard(CommitSettings settings, Hub hub, SecretPatterns secrets) {
        this.settings = settings;
        this.hub = hub;
        this.denied = new DenyList(settings.deny());
        this.secrets = secrets;
    }

    /**
     * Looks at the tree that an agent left.
     *
     * @throws LoreleyException of kind FORBIDDEN_CHANGE, naming files and rules, and no secret
     */
    void check(CommitHash base, String tree) {
        List<TreeChange> written = hub.changes(hub.treeOf(base), tree).stream()
                .filter(change -> change.newMode() != FileMode.ABSENT)
                .toList();
        List<String> violations = denied(base, written);
        if (violations.isEmpty()) {
            violations = unfit(written);
            if (!violations.isEmpty()) {
                violations = unfit(without(written, blobsOf(base)));
            }
        }
        if (!violations.isEmpty()) {
            throw forbidden(violations);
        }
    }

    /** A file that was moved or copied holds what the base holds. Looked at late, since the whole tree has to be listed. */
    private Set<String> blobsOf(CommitHash base) {
        return hub.files(base).stream().map(TreeEntry::blob).collect(Collectors.toSet());
    }

    private static List<TreeChange> without(List<TreeChange> changes, Set<String> blobs) {
        return changes.stream()
                .filter(change -> !blobs.contains(change.newBlob()))
                .toList();
    }

    private List<String> denied(CommitHash base, List<TreeChange> written) {
        List<String> violations = new ArrayList<>();
        for (TreeChange change : written) {
            if (change.oldMode() == FileMode.ABSENT) {
                denied.denying(change.path(), folder -> hub.isFolder(base, folder))
                        .ifPresent(rule -> violations.add("%s: '%s' of commit.deny".formatted(change.path(), rule)));
            }
        }
        return violations;
    }

    /** Sizes are judged first, without reading anything: an agent may have left more than fits in memory. */
    private List<String> unfit(List<TreeChange> written) {
        List<TreeChange> files = written.stream()
                .filter(change -> change.newMode() != FileMode.SUBMODULE)
                .toList();
        Map<String, Long> sizes = sizes(files);
        List<String> violations = oversized(files, sizes);
        return violations.isEmpty() ? new Reading(files, sizes).violations() : violations;
    }

    private Map<String, Long> sizes(List<TreeChange> files) {
        Set<String> blobs = new HashSet<>();
        for (TreeChange change : files) {
            blobs.add(change.newBlob());
            if (hasBefore(change)) {
                blobs.add(change.oldBlob());
            }
        }
        return hub.sizes(blobs);
    }

    /** What is too large whatever it holds, and a growth in sum that is. */
    private List<String> oversized(List<TreeChange> files, Map<String, Long> sizes) {
        List<String> violations = new ArrayList<>();
        long growth = 0;
        for (TreeChange change : files) {
            long size = size(sizes, change);
            long before = sizeBefore(sizes, change);
            growth += Math.max(0, size - before);
            if (size > limit() && size > before) {
                violations.add(oversize(change, size, false));
            }
        }
        if (growth > KIB * settings.maxGrowthKilobytes()) {
            violations.add("all files: %d KiB more than before, and commit.max-growth-kilobytes is %d"
                    .formatted(growth / KIB, settings.maxGrowthKilobytes()));
        }
        return violations;
    }

    /** No file that is larger is read. */
    private long limit() {
        return KIB * Math.max(settings.maxFileKilobytes(), settings.maxBinaryKilobytes());
    }

    private long most(boolean isBinary) {
        return KIB * (isBinary ? settings.maxBinaryKilobytes() : settings.maxFileKilobytes());
    }

    private String oversize(TreeChange change, long size, boolean isBinary) {
        return "%s: %d KiB, and %s is %d"
                .formatted(
                        change.path(),
                        (size + KIB - 1) / KIB,
                        isBinary ? "commit.max-binary-kilobytes" : "commit.max-file-kilobytes",
                        most(isBinary) / KIB);
    }

    private static LoreleyException forbidden(List<String> violations) {
        return new LoreleyException(
                FailureKind.FORBIDDEN_CHANGE,
                "the change was not committed, because it holds what must not be committed:\n  %s\nLeave these out, or change the rules under commit: in loreley.yaml."
                        .formatted(told(violations)));
    }

    /** The first of them, each on a line. */
    static String told(List<String> violations) {
        String more = violations.size() > TOLD ? "\n  and %d more".formatted(violations.size() - TOLD) : "";
        return String.join("\n  ", violations.stream().limit(TOLD).toList()) + more;
    }

    /** Reads what was written, one file after the other, and of what it replaced only where a secret is found. */
    private final class Reading implements BlobVisitor {

        private final Map<String, List<TreeChange>> changes = new LinkedHashMap<>();
        private final Map<String, Long> sizes;
        private final List<String> violations = new ArrayList<>();

        Reading(List<TreeChange> files, Map<String, Long> sizes) {
            this.sizes = sizes;
            files.forEach(change -> changes.computeIfAbsent(change.newBlob(), _ -> new ArrayList<>())
                    .add(change));
        }

        List<String> violations() {
            hub.readBlobs(changes.keySet(), limit(), this);
            return violations;
        }

        @Override
        public void blob(String hash, byte[] content) {
            boolean isBinary = isBinary(content);
            for (TreeChange change : changes.getOrDefault(hash, List.of())) {
                if (content.length > most(isBinary) && content.length > sizeBefore(sizes, change)) {
                    violations.add(oversize(change, content.length, isBinary));
                } else if (!isBinary) {
                    secret(change, content).ifPresent(violations::add);
                }
            }
        }

        private Optional<String> secret(TreeChange change, byte[] content) {
            @Nullable Set<String> known = null;
            int number = 0;
            for (String line : text(content).lines().toList()) {
                number++;
                Optional<String> found = secrets.in(line);
                if (found.isPresent()) {
                    known = known == null ? linesBefore(change) : known;
                    if (!known.contains(line)) {
                        return Optional.of("%s line %d: looks like %s".formatted(change.path(), number, found.get()));
                    }
                }
            }
            return Optional.empty();
        }

        private Set<String> linesBefore(TreeChange change) {
            Set<String> lines = new HashSet<>();
            if (hasBefore(change)) {
                hub.readBlobs(
                        Set.of(change.oldBlob()),
                        limit(),
                        (_, content) -> text(content).lines().forEach(lines::add));
            }
            return lines;
        }
    }

    private static long size(Map<String, Long> sizes, TreeChange change) {
        return sizes.getOrDefault(change.newBlob(), 0L);
    }

    private static long sizeBefore(Map<String, Long> sizes, TreeChange change) {
        return hasBefore(change) ? sizes.getOrDefault(change.oldBlob(), 0L) : 0;
    }

    private static boolean hasBefore(TreeChange change) {
        return change.oldMode().isFile() || change.oldMode() == FileMode.SYMLINK;
    }

    static boolean isBinary(byte[] content) {
        for (int i = 0; i < Math.min(SNIFFED, content.length); i++) {
            if (content[i] == 0) {
                return true;
            }
        }
        return false;
    }

    static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }
}

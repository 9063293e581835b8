package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.BlobVisitor;
import io.loreley.git.FileMode;
import io.loreley.git.Hub;
import io.loreley.git.TreeChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what an agent left before it becomes a commit, and so a branch that people push: nothing of what
 * {@link CommitSettings} denies, nothing too large, no secret in an added line. What the base holds is the project's own
 * and may stay. Safe for many threads.
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
        List<String> violations = new ArrayList<>();
        for (TreeChange change : written) {
            if (change.oldMode() == FileMode.ABSENT) {
                denied.denying(change.path(), folder -> hub.isFolder(base, folder))
                        .ifPresent(rule -> violations.add("%s: '%s' of commit.deny".formatted(change.path(), rule)));
            }
        }
        if (violations.isEmpty()) {
            new Reading(written).judge(violations);
        }
        if (!violations.isEmpty()) {
            throw forbidden(violations);
        }
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

    /** The contents of what was written, and of what it replaced. */
    private final class Reading implements BlobVisitor {

        private final List<TreeChange> written;
        private final Map<String, byte[]> contents = new HashMap<>();
        private final Map<String, Long> sizes = new HashMap<>();

        Reading(List<TreeChange> changes) {
            written = changes.stream()
                    .filter(change -> change.newMode() != FileMode.SUBMODULE)
                    .toList();
            Set<String> blobs = new LinkedHashSet<>();
            for (TreeChange change : written) {
                blobs.add(change.newBlob());
                if (hasBefore(change)) {
                    blobs.add(change.oldBlob());
                }
            }
            hub.readBlobs(blobs, limit(), this);
        }

        @Override
        public void blob(String hash, byte[] content) {
            contents.put(hash, content);
            sizes.put(hash, (long) content.length);
        }

        @Override
        public void tooLarge(String hash, long size) {
            sizes.put(hash, size);
        }

        void judge(List<String> violations) {
            long growth = 0;
            for (TreeChange change : written) {
                long size = sizes.getOrDefault(change.newBlob(), 0L);
                long before = hasBefore(change) ? sizes.getOrDefault(change.oldBlob(), 0L) : 0;
                growth += Math.max(0, size - before);
                byte @Nullable [] content = contents.get(change.newBlob());
                boolean binary = content != null && isBinary(content);
                long most = KIB * (binary ? settings.maxBinaryKilobytes() : settings.maxFileKilobytes());
                if (size > most && size > before) {
                    violations.add("%s: %d KiB, and %s is %d"
                            .formatted(
                                    change.path(),
                                    (size + KIB - 1) / KIB,
                                    binary ? "commit.max-binary-kilobytes" : "commit.max-file-kilobytes",
                                    most / KIB));
                } else if (content != null && !binary) {
                    secret(change, content).ifPresent(violations::add);
                }
            }
            if (growth > KIB * settings.maxGrowthKilobytes()) {
                violations.add("all files: %d KiB more than before, and commit.max-growth-kilobytes is %d"
                        .formatted(growth / KIB, settings.maxGrowthKilobytes()));
            }
        }

        private Optional<String> secret(TreeChange change, byte[] content) {
            byte @Nullable [] before = hasBefore(change) ? contents.get(change.oldBlob()) : null;
            Set<String> known = before == null
                    ? Set.of()
                    : new HashSet<>(text(before).lines().toList());
            int number = 0;
            for (String line : text(content).lines().toList()) {
                number++;
                if (!known.contains(line)) {
                    Optional<String> found = secrets.in(line);
                    if (found.isPresent()) {
                        return Optional.of("%s line %d: looks like %s".formatted(change.path(), number, found.get()));
                    }
                }
            }
            return Optional.empty();
        }

        private long limit() {
            return KIB * Math.max(settings.maxFileKilobytes(), settings.maxBinaryKilobytes());
        }
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

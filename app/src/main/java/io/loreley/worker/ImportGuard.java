package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.TreeEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at what was imported from a folder before it goes where others read it: its owner may believe that a file of
 * credentials is left out, because an ignore file of their own names it, which an import does not see. Safe for many
 * threads.
 */
public final class ImportGuard {

    /** Larger files are data. */
    private static final long READ = 1 << 20;

    private final Hub hub;
    private final DenyList denied;
    private final SecretPatterns secrets;

    /** @param environment of this process, whose secrets are known by value */
    public ImportGuard(CommitSettings settings, Hub hub, Map<String, String> environment) {
        this.hub = hub;
        this.denied = new DenyList(settings.deny());
        this.secrets = new SecretPatterns(settings.secrets(), environment);
    }

    /**
     * Looks at an imported folder. Rules on folders do not count: the folders are its own.
     *
     * @throws LoreleyException of kind CONFIGURATION, naming files and rules, and no secret
     */
    public void check(Path folder, CommitHash imported) {
        List<String> violations = new ArrayList<>();
        Map<String, String> paths = new LinkedHashMap<>();
        for (TreeEntry file : hub.files(imported)) {
            Optional<String> rule = denied.denying(file.path(), _ -> true);
            if (rule.isPresent()) {
                violations.add("%s: '%s' of commit.deny".formatted(file.path(), rule.get()));
            } else if (file.mode().isFile()) {
                paths.put(file.blob(), file.path());
            }
        }
        hub.readBlobs(
                paths.keySet(),
                READ,
                (hash, content) -> secret(content)
                        .ifPresent(found -> violations.add("%s: holds %s".formatted(paths.get(hash), found))));
        if (!violations.isEmpty()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "the folder %s cannot be sent to other machines, because of\n  %s\nName these files in a .gitignore of that folder: ignore files of your own and .git/info/exclude do not count. Or allow the names under commit.deny in loreley.yaml."
                            .formatted(folder, CommitGuard.told(violations)));
        }
    }

    private Optional<String> secret(byte[] content) {
        return CommitGuard.isBinary(content)
                ? Optional.empty()
                : CommitGuard.text(content)
                        .lines()
                        .flatMap(line -> secrets.in(line).stream())
                        .findFirst();
    }
}

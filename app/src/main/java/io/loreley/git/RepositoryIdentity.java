package io.loreley.git;

import io.loreley.domain.Digests;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.process.Captured;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which repository this is, wherever and however it was cloned. A repository without a remote is known by its path,
 * which two machines may share.
 *
 * @param slug host and path of the canonical remote URL, or the absolute path of a repository without one; lower case.
 *     Where characters had to be replaced or left out, a hash of the whole keeps it apart from others.
 * @param remoteUrl canonical, without credentials
 * @param rootPath where it lies on this machine
 * @param extra canonical origin, root path and remotes, as far as there are any
 */
public record RepositoryIdentity(
        String slug, @Nullable String remoteUrl, @Nullable String rootPath, Map<String, Object> extra) {

    private static final String ORIGIN = "origin";
    private static final int HASH_DIGITS = 12;

    public RepositoryIdentity {
        extra = Map.copyOf(extra);
    }

    /** Asks the source for its remotes. */
    public static RepositoryIdentity of(Source source, ProcessRunner processes) {
        return switch (source) {
            case Source.FolderSource(Path folder) -> of(null, folder, Map.of());
            case Source.GitSource git when git.root() == null -> of(RemoteUrl.parse(git.location()), null, Map.of());
            case Source.GitSource git -> {
                Path root = Path.of(git.location());
                Map<String, RemoteUrl> remotes = remotes(root, processes);
                yield of(remotes.get(ORIGIN), root, remotes);
            }
        };
    }

    static RepositoryIdentity of(@Nullable RemoteUrl origin, @Nullable Path root, Map<String, RemoteUrl> remotes) {
        Map<String, Object> extra = new LinkedHashMap<>();
        if (origin != null) {
            extra.put("canonical_origin", origin.canonical());
        }
        if (root != null) {
            extra.put("root_path", root.toString());
        }
        if (!remotes.isEmpty()) {
            List<Map<String, String>> list = new ArrayList<>();
            remotes.forEach((name, url) -> list.add(Map.of("name", name, "url", url.canonical())));
            extra.put("remotes", list);
        }
        String slug = origin == null ? slug(String.valueOf(root)) : slug(origin);
        return new RepositoryIdentity(slug, storable(origin), storable(root), extra);
    }

    /** What git has under the name of a remote, and can be read; the user's abbreviations are resolved by git. */
    private static Map<String, RemoteUrl> remotes(Path root, ProcessRunner processes) {
        Captured listed = Git.theirs(processes, root).attempt("remote", "--verbose");
        Map<String, RemoteUrl> remotes = new LinkedHashMap<>();
        for (String line : listed.text().lines().toList()) {
            int tab = line.indexOf('\t');
            int end = line.lastIndexOf(" (fetch)");
            if (tab > 0 && end > tab) {
                putReadable(remotes, line.substring(0, tab), line.substring(tab + 1, end), root);
            }
        }
        return remotes;
    }

    private static void putReadable(Map<String, RemoteUrl> remotes, String name, String url, Path root) {
        try {
            boolean isRelative = url.startsWith("./") || url.startsWith("../");
            remotes.put(
                    name,
                    RemoteUrl.parse(isRelative ? root.resolve(url).normalize().toString() : url));
        } catch (LoreleyException e) {
            if (e.kind() != FailureKind.CONFIGURATION) {
                throw e;
            }
            // A remote that git cannot use does not tell which repository this is.
        }
    }

    /** Hosts ignore the case of a path, this machine does not. */
    private static String slug(RemoteUrl origin) {
        String place = origin.place();
        return slug(origin.scheme().equals("file") ? place : place.toLowerCase(Locale.ROOT));
    }

    private static String slug(String text) {
        String slug =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._/-]+", "-").replaceAll("^-+|-+$", "");
        if (slug.equals(text) && slug.length() <= Limits.NAME) {
            return slug;
        }
        String hash = "-" + Digests.sha256(text).substring(0, HASH_DIGITS);
        return slug.substring(0, Math.min(slug.length(), Limits.NAME - hash.length())) + hash;
    }

    private static @Nullable String storable(@Nullable RemoteUrl origin) {
        if (origin != null && origin.canonical().length() > Limits.PATH) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "repository: the remote URL has %d characters, and at most %d can be stored"
                            .formatted(origin.canonical().length(), Limits.PATH));
        }
        return origin == null ? null : origin.canonical();
    }

    /** For people only: a path that is too long for its column stands in {@code extra}. */
    private static @Nullable String storable(@Nullable Path root) {
        return root == null || root.toString().length() > Limits.PATH ? null : root.toString();
    }
}

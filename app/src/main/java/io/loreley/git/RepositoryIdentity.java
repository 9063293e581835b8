package io.loreley.git;

import io.loreley.process.Captured;
import io.loreley.process.ProcessRunner;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which repository this is, wherever it was checked out.
 *
 * @param slug host and path of the canonical remote URL, or the absolute path of a repository without one
 * @param remoteUrl canonical, without credentials
 */
public record RepositoryIdentity(
        String slug, @Nullable String remoteUrl, @Nullable String rootPath, Map<String, Object> extra) {

    public RepositoryIdentity {
        extra = Map.copyOf(extra);
    }

    /** Asks the source for its origin. */
    public static RepositoryIdentity of(Source source, ProcessRunner processes) {
        return switch (source) {
            case Source.FolderSource(Path folder) -> local(folder);
            case Source.GitSource git when git.root() == null -> remote(git.location(), null);
            case Source.GitSource git -> {
                Path root = Path.of(git.location());
                Captured origin = Git.theirs(processes, root).attempt("remote", "get-url", "origin");
                yield origin.success()
                                && Source.URL.matcher(origin.text().strip()).matches()
                        ? remote(origin.text().strip(), root)
                        : local(root);
            }
        };
    }

    private static RepositoryIdentity local(Path folder) {
        return new RepositoryIdentity(
                slug(folder.toString()), null, folder.toString(), Map.of("root_path", folder.toString()));
    }

    private static RepositoryIdentity remote(String url, @Nullable Path root) {
        String canonical = canonical(url);
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("canonical_origin", canonical);
        if (root != null) {
            extra.put("root_path", root.toString());
        }
        return new RepositoryIdentity(
                slug(canonical.replaceFirst("^[a-z+]+://", "").replaceFirst("^[^@/]*@", "")),
                canonical,
                root == null ? null : root.toString(),
                extra);
    }

    private static String canonical(String url) {
        String text = url.strip().replaceFirst("[?#].*$", "");
        if (!text.contains("://")) {
            int colon = text.indexOf(':');
            text = "ssh://" + text.substring(0, colon) + "/"
                    + text.substring(colon + 1).replaceFirst("^/", "");
        }
        return text.replaceFirst("(?<=://)([^/@:]*):[^/@]*@", "$1@").replaceFirst("^(https?)://[^/@]*@", "$1://");
    }

    private static String slug(String text) {
        String slug = text.replaceFirst("/+$", "")
                .replaceFirst("\\.git$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._/-]+", "-")
                .replaceAll("^-+|-+$", "");
        return slug.isEmpty() ? "default" : slug;
    }
}

package io.loreley.worker;

import io.loreley.domain.Glob;
import io.loreley.domain.Limits;
import io.loreley.domain.Setting;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Who commits candidates, and what must not be in one. */
public record CommitSettings(
        @Setting(doc = "The author of candidates.", fallback = "Loreley Worker")
        String author,

        @Setting(doc = "The author's address.", fallback = "worker@loreley.local")
        String email,

        @Setting(
                doc =
                        "Files and folders that an agent may leave behind and that are not committed: caches of the tools it "
                                + "used. Patterns as in .gitignore; files of the base are never left out.",
                fallback = "[__pycache__/, '*.pyc', .pytest_cache/, .mypy_cache/, .ruff_cache/, .DS_Store]")
        List<String> leaveOut,

        @Setting(
                doc =
                        "What a candidate must not add. A pattern without a slash names a file or folder anywhere, one with "
                                + "a slash a path from the repository's root; at the end it stands for a folder, and does not "
                                + "count where the base holds that folder. After '!' a pattern allows what others deny.",
                fallback = "[.env, '.env.*', '!.env.example', '!.env.sample', '!.env.template', '*.pem', '*.key', "
                        + "'*.p12', '*.pfx', '*.jks', '*.keystore', id_rsa, id_dsa, id_ecdsa, id_ed25519, .netrc, "
                        + ".pypirc, .git-credentials, .ssh/, .aws/, .gnupg/, .kube/, .docker/, node_modules/, .venv/, "
                        + "venv/, .tox/, .gradle/, .idea/, /target/, /build/, /dist/]")
        List<String> deny,

        @Setting(
                doc = "How large a file may be that a candidate adds or makes larger, in KiB.",
                fallback = "1024",
                min = 1,
                max = 1000000)
        int maxFileKilobytes,

        @Setting(
                doc = "How large a binary file may be that a candidate adds or makes larger, in KiB.",
                fallback = "256",
                min = 0,
                max = 1000000)
        int maxBinaryKilobytes,

        @Setting(doc = "By how much a candidate may grow in sum, in KiB.", fallback = "4096", min = 1, max = 10000000)
        int maxGrowthKilobytes,

        @Setting(
                doc =
                        "Regular expressions of Java; a line that a candidate adds must contain none of them. Keys and tokens "
                                + "of well-known shapes are known without.",
                fallback = "[]")
        List<String> secrets) {

    public CommitSettings {
        Limits.requireText("author", author, Limits.AUTHOR);
        Limits.requireText("email", email, Limits.AUTHOR);
        if (Pattern.compile("[<>\\p{Cntrl}]").matcher(author + email).find()) {
            throw new IllegalArgumentException("author and email must not contain '<', '>' or control characters");
        }
        leaveOut = List.copyOf(leaveOut);
        deny = List.copyOf(deny);
        secrets = List.copyOf(secrets);
        deny.forEach(pattern -> Glob.requireMeaning("deny", pattern.startsWith("!") ? pattern.substring(1) : pattern));
        for (String secret : secrets) {
            try {
                Pattern.compile(secret);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "secrets: '%s' is no regular expression: %s".formatted(secret, e.getDescription()), e);
            }
        }
    }
}

package io.loreley.examples.packing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// The Git repository around the work tree, in which the packing of any recorded commit can be read.
record Repository(Path workTree) {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /// The packing of a commit; empty if the commit is not there, or has none that can be read.
    Optional<Packing> packingOf(String commit) throws InterruptedException {
        if (!HASH.matcher(commit).matches()) {
            return Optional.empty();
        }
        try {
            Process git = new ProcessBuilder("git", "show", commit + ":./" + Packing.FILE)
                    .directory(workTree.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            git.getOutputStream().close();
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? Optional.of(Packing.parse(text)) : Optional.empty();
        } catch (MalformedPacking e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start git", e);
        }
    }
}

package io.loreley.git;

import io.loreley.domain.CommitHash;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes commits as {@code git commit-tree} makes them, to the byte. What that command would change, or refuse, is left to
 * it: names that it trims, text that is not quite UTF-8 to it, a tree or parent that is not there. Safe for many threads.
 */
final class CommitWriter {

    /** Git takes punctuation from a name's ends, and angle brackets and line feeds from within. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._@+-]*[A-Za-z0-9])?");

    private static final Pattern SHA_1 = Pattern.compile("[0-9a-f]{40}");

    private final Git git;
    private final ObjectReader objects;
    private final ObjectWriter writer;

    CommitWriter(Git git, ObjectReader objects, ObjectWriter writer) {
        this.git = git;
        this.objects = objects;
        this.writer = writer;
    }

    CommitHash write(String tree, CommitHash parent, CommitMessage message) {
        String when = message.when().getEpochSecond() + " +0000";
        if (isPlain(message) && areThere(tree, parent)) {
            String who = "%s <%s> %s".formatted(message.author(), message.email(), when);
            String text = "tree %s\nparent %s\nauthor %s\ncommitter %s\n\n%s"
                    .formatted(tree, parent, who, who, message.text());
            var commit = new NewObject(NewObject.Type.COMMIT, text.getBytes(StandardCharsets.UTF_8));
            if (writer.tryWrite(commit)) {
                return new CommitHash(commit.name());
            }
        }
        return new CommitHash(git.with(Map.of(
                        "GIT_AUTHOR_NAME", message.author(),
                        "GIT_AUTHOR_EMAIL", message.email(),
                        "GIT_AUTHOR_DATE", "@" + when,
                        "GIT_COMMITTER_NAME", message.author(),
                        "GIT_COMMITTER_EMAIL", message.email(),
                        "GIT_COMMITTER_DATE", "@" + when))
                .runWithInput(message.text(), "commit-tree", tree, "-p", parent.value()));
    }

    private static boolean isPlain(CommitMessage message) {
        return PLAIN.matcher(message.author()).matches()
                && PLAIN.matcher(message.email()).matches()
                && message.when().getEpochSecond() >= 0
                && message.text().codePoints().allMatch(CommitWriter::isCharacter);
    }

    /** Not NUL, nor half a surrogate pair, nor what Unicode calls a noncharacter: git takes the text for Latin-1 then. */
    private static boolean isCharacter(int c) {
        boolean half = Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE;
        boolean none = (c & 0xfffe) == 0xfffe || (0xfdd0 <= c && c <= 0xfdef);
        return c != 0 && !half && !none;
    }

    private boolean areThere(String tree, CommitHash parent) {
        return SHA_1.matcher(tree).matches()
                && SHA_1.matcher(parent.value()).matches()
                && objects.isOfType("tree", tree)
                && objects.isOfType("commit", parent.value());
    }
}

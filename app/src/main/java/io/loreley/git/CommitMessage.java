package io.loreley.git;

import java.time.Instant;

/** Who commits, when, and what they say. */
public record CommitMessage(String author, String email, String text, Instant when) {

    public CommitMessage {
        if (author.isBlank() || text.isBlank()) {
            throw new IllegalArgumentException("a commit needs an author and a message");
        }
    }
}

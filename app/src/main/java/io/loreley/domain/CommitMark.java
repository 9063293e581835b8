package io.loreley.domain;

/** What a person said of a commit. */
public enum CommitMark {
    /** As an elite it keeps its cell, and nothing of it is pruned. */
    PINNED,
    /** It is neither base nor inspiration of a new job. */
    BANNED
}

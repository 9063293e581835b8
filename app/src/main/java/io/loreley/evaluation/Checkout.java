package io.loreley.evaluation;

import io.loreley.domain.CommitHash;
import java.nio.file.Path;

/** Makes clean checkouts, one after the other, in a tree that no agent touches. For one thread at a time. */
public interface Checkout {

    /** The folder with the files of a commit and nothing else: whatever an earlier measurement left there is gone. */
    Path of(CommitHash commit);
}

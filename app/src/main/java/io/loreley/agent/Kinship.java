package io.loreley.agent;

import io.loreley.domain.CommitHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What relates two recorded commits, for an agent that runs inside Loreley and cannot ask git. */
@FunctionalInterface
public interface Kinship {

    /**
     * The text files that {@code other} changed or added since it parted from {@code base}, sorted by path; empty if they
     * have no ancestor in common. Files that are no text, or too large to be edited, are left out.
     */
    List<Change> sinceParting(CommitHash base, CommitHash other);

    /**
     * One file.
     *
     * @param path relative to the work tree that the agent is given, with slashes
     * @param before what both began with; absent if {@code other} added it
     */
    record Change(String path, @Nullable String before, String after) {}
}

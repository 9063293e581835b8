/**
 * Commits, trees, blobs, diffs, refs, work trees: the only caller of git, which is the native one.
 *
 * <p>Begin with {@link io.loreley.git.Hub}, the bare repository that Loreley owns, and {@link io.loreley.git.Source}, the
 * user's repository that it is filled from. Nothing here knows what a commit is good for.
 */
@NullMarked
package io.loreley.git;

import org.jspecify.annotations.NullMarked;

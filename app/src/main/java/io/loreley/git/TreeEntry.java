package io.loreley.git;

/**
 * One file of a commit.
 *
 * @param blob the hash of its content; of the commit for a submodule
 * @param path exact, from the root of the repository, with slashes
 */
public record TreeEntry(FileMode mode, String blob, String path) {}

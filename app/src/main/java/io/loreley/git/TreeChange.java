package io.loreley.git;

/**
 * One path that differs between two commits. A rename is a deletion and an addition.
 *
 * @param oldMode {@link FileMode#ABSENT} if the path was added
 * @param newMode {@link FileMode#ABSENT} if the path was deleted
 */
public record TreeChange(FileMode oldMode, FileMode newMode, String oldBlob, String newBlob, String path) {}

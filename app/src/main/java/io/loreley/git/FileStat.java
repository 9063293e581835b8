package io.loreley.git;

/** How many lines of a file changed. Both counts are 0 for a binary file. */
public record FileStat(long added, long deleted, boolean isBinary, String path) {}

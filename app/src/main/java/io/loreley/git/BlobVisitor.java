package io.loreley.git;

/** Receives blobs as they are read. */
public interface BlobVisitor {

    void blob(String hash, byte[] content);

    /** The blob is larger than the limit and was not read. */
    default void tooLarge(String hash, long size) {}
}

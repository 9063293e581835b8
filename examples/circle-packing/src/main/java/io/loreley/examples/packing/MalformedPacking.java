package io.loreley.examples.packing;

/// The text is not a packing at all: the message names the line and what stands there.
final class MalformedPacking extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedPacking(String message) {
        super(message);
    }
}

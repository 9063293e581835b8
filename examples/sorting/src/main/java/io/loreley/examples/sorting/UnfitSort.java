package io.loreley.examples.sorting;

/// A sort that cannot be measured.
final class UnfitSort extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnfitSort(String message) {
        super(message);
    }
}

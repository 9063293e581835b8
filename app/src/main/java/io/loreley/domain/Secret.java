package io.loreley.domain;

/** A text that must not be shown: it prints as asterisks, in logs and messages too. */
public record Secret(String value) {

    @Override
    public String toString() {
        return "***";
    }
}

package io.loreley.web;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where and how the server listens.
 *
 * @param host an address or name of this machine
 * @param port 0 for any free one
 * @param readOnly whether nothing can be changed through it
 * @param hostNames further names under which browsers reach it, in any case; who is reached by name is seen from elsewhere, so that with one
 *     everyone needs a token
 */
public record WebSettings(String host, int port, boolean readOnly, Set<String> hostNames) {

    public static final int DEFAULT_PORT = 8765;

    /** Stands for {@link #DEFAULT_PORT}, or any free port if that is taken. */
    public static final int DEFAULT_OR_FREE = -1;

    public WebSettings {
        hostNames =
                hostNames.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    WebSettings at(int other) {
        return new WebSettings(host, other, readOnly, hostNames);
    }

    /** On this machine alone. */
    public static WebSettings loopback(int port) {
        return new WebSettings("127.0.0.1", port, false, Set.of());
    }
}

package io.loreley.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a command can reach of the machine.
 *
 * @param network whether it has one; without, it has a loopback of its own at most
 * @param writable the folders and files it may write to, where {@link Kind#BWRAP} makes the rest read-only
 * @param hidden the folders and files that are empty to it, where there is bubblewrap and the kind is not {@link Kind#NONE}
 */
public record Isolation(Kind kind, boolean network, List<Path> writable, List<Path> hidden) {

    /** A process group, and a search for what left it. */
    public static final Isolation NONE = new Isolation(Kind.NONE, true, List.of());

    /** Process numbers of its own, so that nothing it starts can outlive it; where the kernel allows that. */
    public static final Isolation NAMESPACE = new Isolation(Kind.NAMESPACE, true, List.of());

    public Isolation {
        writable = List.copyOf(writable);
        hidden = List.copyOf(hidden);
    }

    /** One that hides nothing. */
    public Isolation(Kind kind, boolean network, List<Path> writable) {
        this(kind, network, writable, List.of());
    }

    /** The same, with these hidden. */
    public Isolation hiding(List<Path> paths) {
        return new Isolation(kind, network, writable, paths);
    }

    /**
     * What this machine does not keep of it, in words; empty if it keeps all.
     *
     * @throws io.loreley.domain.LoreleyException of kind CONFIGURATION if it cannot be had at all, as bubblewrap that is not
     *     installed
     */
    public Optional<String> shortfall() {
        return Enclosure.shortfall(this);
    }

    /** By which means. */
    public enum Kind {
        /** None. */
        NONE,
        /** A namespace of process numbers, and of networks if there is to be none. Where the kernel refuses, as NONE. */
        NAMESPACE,
        /** As NAMESPACE, with a file system that is read-only but for what is named. Refused where bubblewrap is missing. */
        BWRAP
    }
}

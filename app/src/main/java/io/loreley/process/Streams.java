package io.loreley.process;

import java.nio.file.Path;

/** The files that a program's three streams are connected to. */
record Streams(Path input, Path output, Path error) {

    boolean areMerged() {
        return output.equals(error);
    }
}

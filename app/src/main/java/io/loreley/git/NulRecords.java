package io.loreley.git;

import java.util.Arrays;
import java.util.List;

/** What git prints with {@code -z}: records that each end with a NUL, so that a path may hold anything else. */
final class NulRecords {

    private NulRecords() {}

    static List<String> of(String output) {
        return output.isEmpty()
                ? List.of()
                : Arrays.asList(output.substring(0, output.length() - 1).split("\0", -1));
    }
}

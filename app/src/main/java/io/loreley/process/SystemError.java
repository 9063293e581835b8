package io.loreley.process;

import java.util.Map;

/** What the system's error numbers mean, for those that a program's start may end in. */
final class SystemError {

    private static final Map<Integer, String> WORDS = Map.ofEntries(
            Map.entry(1, "operation not permitted"),
            Map.entry(2, "no such file or directory; a script's first line may name an interpreter that is not there"),
            Map.entry(7, "its arguments and environment are too long"),
            Map.entry(8, "the system does not know how to run it"),
            Map.entry(11, "the limit on processes is reached"),
            Map.entry(12, "out of memory"),
            Map.entry(13, "permission denied"),
            Map.entry(23, "too many files are open on this machine"),
            Map.entry(24, "too many files are open"),
            Map.entry(26, "somebody is writing to it"),
            Map.entry(28, "no space left on the device"));

    private SystemError() {}

    static String describe(int number) {
        return WORDS.getOrDefault(number, "system error " + number);
    }
}

package io.loreley.cli.display;

import org.jspecify.annotations.Nullable;

/**
 * One thing that must be right before a run can succeed.
 *
 * @param name what is checked, in a word
 * @param found what is there, or what is wrong with it
 * @param fix what to do; absent where nothing is to be done
 */
public record Check(
        String name, Result result, String found, @Nullable String fix) {

    public enum Result {
        OK,
        WARNING,
        FAILED
    }

    public static Check ok(String name, String found) {
        return new Check(name, Result.OK, found, null);
    }

    public static Check warning(String name, String found, String fix) {
        return new Check(name, Result.WARNING, found, fix);
    }

    public static Check failed(String name, String found, String fix) {
        return new Check(name, Result.FAILED, found, fix);
    }
}

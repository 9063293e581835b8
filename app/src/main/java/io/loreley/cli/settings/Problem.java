package io.loreley.cli.settings;

/**
 * One thing that is wrong with the settings.
 *
 * @param where file and line, environment variable or flag
 */
record Problem(String where, String what) {

    @Override
    public String toString() {
        return where + ": " + what;
    }
}

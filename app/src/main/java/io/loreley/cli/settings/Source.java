package io.loreley.cli.settings;

/**
 * A value as text that overrides the file.
 *
 * @param name what a person wrote it with: a flag or an environment variable
 */
public record Source(String name, String text) {}

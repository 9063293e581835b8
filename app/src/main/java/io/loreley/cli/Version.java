package io.loreley.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest, and the Java that runs it. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"Loreley %s on Java %s".formatted(current(), System.getProperty("java.version"))};
    }

    /** Of this program; {@code development} where it was not built into a jar. */
    static String current() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "development");
    }
}

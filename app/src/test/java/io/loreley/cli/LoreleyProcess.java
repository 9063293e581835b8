package io.loreley.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line in a process of its own, in a virtual machine that expects a short life. It speaks Persian, which writes
 * numbers in digits of its own: what goes to other programs must not be made of them.
 */
final class LoreleyProcess {

    private LoreleyProcess() {}

    /** The words that start it. */
    static List<String> line(List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.language=fa",
                "-Duser.country=IR",
                "-cp",
                System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")),
                "io.loreley.cli.Main"));
        line.addAll(arguments);
        return line;
    }

    /** A process yet to be started, with a home and both streams in one; it has the database of nobody. */
    static ProcessBuilder of(Path home, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(line(List.of(arguments))).redirectErrorStream(true);
        builder.environment().put("LORELEY_HOME", home.toString());
        builder.environment().remove("DATABASE_URL");
        return builder;
    }
}

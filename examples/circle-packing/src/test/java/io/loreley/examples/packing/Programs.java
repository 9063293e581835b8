package io.loreley.examples.packing;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Starts the example's two programs, and git, as Loreley would: as processes in a folder, with the contract's files
/// named in the environment.
final class Programs {

    private static final long TIMEOUT_SECONDS = 60;

    private Programs() {}

    /// How a program ended, and what it wrote to both streams together.
    record Ended(int exitCode, String output) {}

    static Ended pack(Path workTree, Path request, Path result, String polish)
            throws IOException, InterruptedException {
        Map<String, String> environment =
                Map.of("LORELEY_REQUEST", request.toString(), "LORELEY_RESULT", result.toString());
        return run(workTree, environment, java(Pack.class, "--polish", polish));
    }

    static Ended evaluate(Path workTree, Path result) throws IOException, InterruptedException {
        return run(workTree, Map.of("LORELEY_RESULT", result.toString()), java(Evaluate.class));
    }

    /// What git printed.
    static String git(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.org"));
        command.addAll(List.of(arguments));
        Ended ended = run(folder, Map.of(), command);
        if (ended.exitCode() != 0) {
            throw new IllegalStateException(command + " in " + folder + ": " + ended.output());
        }
        return ended.output().strip();
    }

    private static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes().toString(),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Path classes() {
        try {
            return Path.of(Pack.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Ended run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        File output = Files.createTempFile("program", ".out").toFile();
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException(command + " ran longer than " + TIMEOUT_SECONDS + " s");
            }
            return new Ended(process.exitValue(), Files.readString(output.toPath()));
        } finally {
            Files.delete(output.toPath());
        }
    }
}

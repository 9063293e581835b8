package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts a program as the leader of a session of its own, or says why it cannot be started. */
final class Launcher {

    /** Where the system keeps its own tools, whatever the PATH says. */
    private static final List<Path> SYSTEM_FOLDERS = List.of(Path.of("/usr/bin"), Path.of("/bin"));

    private static final String PERL_SETSID =
            "use POSIX (); POSIX::setsid(); exec { $ARGV[0] } @ARGV or die \"$ARGV[0]: $!\\n\"";

    private final List<String> ownSession = ownSession();

    /**
     * Starts a program whose streams are files.
     *
     * @param before the words that stand before the program, the first of them a file
     */
    Process start(
            List<String> before,
            List<String> arguments,
            Path directory,
            Map<String, String> environment,
            Streams streams) {
        List<String> words = words(before, arguments, directory, environment);
        Optional<Spawner> spawner = Spawner.ofThisMachine();
        try {
            return spawner.isPresent()
                    ? spawner.get().start(words, directory, environment, streams)
                    : builder(words, directory, environment)
                            .redirectInput(streams.input().toFile())
                            .redirectOutput(streams.output().toFile())
                            .redirectError(streams.error().toFile())
                            .redirectErrorStream(streams.areMerged())
                            .start();
        } catch (IOException e) {
            throw refused(arguments.getFirst(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Starts a program that is talked to; what it says on standard error is not heard. */
    Process converse(List<String> arguments, Path directory, Map<String, String> environment) {
        try {
            return builder(words(List.of(), arguments, directory, environment), directory, environment)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw refused(arguments.getFirst(), String.valueOf(e.getMessage()), e);
        }
    }

    private static List<String> words(
            List<String> before, List<String> arguments, Path directory, Map<String, String> environment) {
        String program = arguments.getFirst();
        if (!Files.isDirectory(directory)) {
            throw refused(program, "its folder %s does not exist".formatted(directory), null);
        }
        var words = new ArrayList<>(before);
        words.add(locate(program, directory, environment).toAbsolutePath().toString());
        words.addAll(arguments.subList(1, arguments.size()));
        return words;
    }

    private ProcessBuilder builder(List<String> words, Path directory, Map<String, String> environment) {
        var line = new ArrayList<>(ownSession);
        line.addAll(words);
        var builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private static Path locate(String program, Path directory, Map<String, String> environment) {
        if (program.indexOf('/') >= 0) {
            Path file = directory.resolve(program);
            if (!Files.isRegularFile(file)) {
                throw refused(program, "there is no such file", null);
            }
            if (!Files.isExecutable(file)) {
                throw refused(program, "it is not executable (chmod +x)", null);
            }
            return file;
        }
        String path = environment.getOrDefault("PATH", "");
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path file = directory.resolve(folder).resolve(program);
            if (!folder.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        throw refused(
                program, "it is not on the PATH %s; install it, or name it by its full path".formatted(path), null);
    }

    private static LoreleyException refused(String program, String why, @Nullable Throwable cause) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                Credentials.mask("The program '%s' cannot be started: %s.".formatted(program, why)),
                cause);
    }

    /** Where the system keeps a tool of its own, or would. */
    static Path systemProgram(String name) {
        return SYSTEM_FOLDERS.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(SYSTEM_FOLDERS.getFirst().resolve(name));
    }

    /** setsid of util-linux, or perl, which macOS has. Both replace themselves, so that the process number stays. */
    private static List<String> ownSession() {
        Path setsid = systemProgram("setsid");
        if (Files.isExecutable(setsid)) {
            return List.of(setsid.toString());
        }
        Path perl = systemProgram("perl");
        if (Files.isExecutable(perl)) {
            return List.of(perl.toString(), "-e", PERL_SETSID);
        }
        throw new LoreleyException(
                FailureKind.CONFIGURATION,
                "Neither /usr/bin/setsid nor /usr/bin/perl is there, and one of them is needed to run programs in a "
                        + "session of their own. Install util-linux.");
    }
}

package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts a program as the leader of a session of its own, or says why it cannot be started. */
final class Launcher {

    /** Where the system keeps its own tools, whatever the PATH says. */
    static final List<Path> SYSTEM_FOLDERS = List.of(Path.of("/usr/bin"), Path.of("/bin"));

    private static final String PERL_SETSID =
            "use POSIX (); POSIX::setsid(); exec { $ARGV[0] } @ARGV or die \"$ARGV[0]: $!\\n\"";

    private final List<String> ownSession = ownSession();

    Process start(
            List<String> arguments,
            Path directory,
            Map<String, String> environment,
            Enclosure enclosure,
            Redirects redirects) {
        String program = arguments.getFirst();
        if (!Files.isDirectory(directory)) {
            throw refused(program, "its folder %s does not exist".formatted(directory), null);
        }
        var words = new ArrayList<>(ownSession);
        words.addAll(enclosure.words());
        words.add(locate(program, directory, environment).toString());
        words.addAll(arguments.subList(1, arguments.size()));
        var builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        redirects.apply(builder);
        try {
            return builder.start();
        } catch (IOException e) {
            throw refused(program, String.valueOf(e.getMessage()), e);
        }
    }

    /** How the three streams are connected. */
    @FunctionalInterface
    interface Redirects {
        void apply(ProcessBuilder builder);
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

    /** setsid of util-linux, or perl, which macOS has. Both replace themselves, so that the process number stays. */
    private static List<String> ownSession() {
        for (Path folder : SYSTEM_FOLDERS) {
            if (Files.isExecutable(folder.resolve("setsid"))) {
                return List.of(folder.resolve("setsid").toString());
            }
        }
        Path perl = SYSTEM_FOLDERS.getFirst().resolve("perl");
        if (Files.isExecutable(perl)) {
            return List.of(perl.toString(), "-e", PERL_SETSID);
        }
        throw new LoreleyException(
                FailureKind.CONFIGURATION,
                "Neither /usr/bin/setsid nor /usr/bin/perl is there, and one of them is needed to run programs in a "
                        + "session of their own. Install util-linux.");
    }
}

package io.loreley.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What to put before a command so that it starts in a session and process group of its own, keeping its process id. */
final class SessionPrefix {

    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));
    private static final Path PERL = Path.of("/usr/bin/perl");

    private SessionPrefix() {}

    static List<String> find() {
        for (Path setsid : SETSID) {
            if (Files.isExecutable(setsid)) {
                return List.of(setsid.toString());
            }
        }
        if (Files.isExecutable(PERL)) {
            // macOS has no setsid(1), and comes with perl
            return List.of(PERL.toString(), "-e", "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127;");
        }
        throw new IllegalStateException(
                "neither setsid nor perl was found in /usr/bin; one of them is needed to start programs in groups of their own");
    }
}

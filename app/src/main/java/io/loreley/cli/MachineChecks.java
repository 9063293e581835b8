package io.loreley.cli;

import io.loreley.cli.display.Check;
import io.loreley.domain.LoreleyException;
import io.loreley.process.BaseEnvironment;
import io.loreley.process.Captured;
import io.loreley.process.Limits;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks what Loreley needs of the machine: Java, git, its folder and the database. */
final class MachineChecks {

    private static final Pattern GIT_VERSION = Pattern.compile("git version (\\d+)\\.(\\d+)\\S*");
    private static final int GIT_MAJOR = 2;
    private static final int GIT_MINOR = 39;
    private static final long LITTLE_SPACE = 1L << 30; // bytes; a week of artifacts and commits needs about as much

    private final MachineSettings machine;
    private final Map<String, String> environment;

    MachineChecks(MachineSettings machine, Map<String, String> environment) {
        this.machine = machine;
        this.environment = environment;
    }

    Check java() {
        return Check.ok(
                "java", "%s in %s".formatted(System.getProperty("java.version"), System.getProperty("java.home")));
    }

    Check git() {
        String fix = "install git %d.%d or newer and put it on the PATH".formatted(GIT_MAJOR, GIT_MINOR);
        try (ProcessRunner processes = new ProcessRunner()) {
            Captured answer = processes.answer(
                    List.of("git", "--version"),
                    Path.of("."),
                    BaseEnvironment.of(environment, List.of()),
                    null,
                    new Limits(Duration.ofSeconds(10), 1 << 16));
            Matcher version = GIT_VERSION.matcher(answer.text().strip());
            if (!answer.success() || !version.find()) {
                return Check.failed("git", answer.describe(), fix);
            }
            int major = Integer.parseInt(version.group(1));
            int minor = Integer.parseInt(version.group(2));
            boolean enough = major > GIT_MAJOR || (major == GIT_MAJOR && minor >= GIT_MINOR);
            return enough
                    ? Check.ok("git", answer.text().strip())
                    : Check.failed("git", answer.text().strip() + " is too old", fix);
        } catch (LoreleyException e) {
            return Check.failed("git", String.valueOf(e.getMessage()), fix);
        }
    }

    Check home() {
        Path home = machine.home();
        try {
            Files.createDirectories(home);
            Files.delete(Files.createTempFile(home, "doctor", ".tmp"));
            long free = Files.getFileStore(home).getUsableSpace();
            String found = "%s, %,d MB free".formatted(home, free >> 20);
            return free < LITTLE_SPACE
                    ? Check.warning("home", found, "free some space there, or set LORELEY_HOME to another disk")
                    : Check.ok("home", found);
        } catch (IOException e) {
            return Check.failed(
                    "home",
                    "%s cannot be written: %s".formatted(home, e),
                    "set LORELEY_HOME or --home to a folder that can be written");
        }
    }

    Check database(Engine engine) {
        try {
            return Check.ok("database", engine.database(machine));
        } catch (LoreleyException e) {
            return Check.failed(
                    "database",
                    String.valueOf(e.getMessage()),
                    machine.databaseUrl() == null
                            ? "look at %s, or set DATABASE_URL to a PostgreSQL of your own"
                                    .formatted(machine.home().resolve("postgres"))
                            : "check DATABASE_URL, or unset it to use the embedded database");
        }
    }
}

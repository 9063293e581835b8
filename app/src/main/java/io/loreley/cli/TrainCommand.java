package io.loreley.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Does once what every run does, so that the launcher's ahead-of-time cache holds it: a search of four jobs, with a
 * home, a database and a project of its own. Where that cannot be had, the mappings alone.
 */
@Command(name = "train", hidden = true, description = "Do once what every run does, for the launcher's cache.")
final class TrainCommand implements Callable<Integer> {

    /** What a process of this user needs; nothing that names a database or a remote of theirs. */
    private static final List<String> KEPT =
            List.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "JAVA_HOME");

    private static final List<String> FILES =
            List.of("loreley.yaml", "agent.sh", "evaluate.sh", "repository/value.txt");

    private final Surroundings surroundings;
    private final Engine engine;

    @Parameters(paramLabel = "FOLDER", description = "For the project and the home.")
    private Path folder = Path.of(".");

    TrainCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    @Override
    public Integer call() throws IOException {
        Path project = folder.resolve("project");
        for (String file : FILES) {
            Path path = project.resolve(file);
            Files.createDirectories(path.getParent());
            try (InputStream text = TrainCommand.class.getResourceAsStream("training/" + file)) {
                Files.write(path, Objects.requireNonNull(text, file).readAllBytes());
            }
        }
        int searched =
                loreley("run", project.toString(), "--jobs", "4", "--for", "1m", "--workers", "2", "--port", "0");
        loreley("db", "stop", "--force");
        if (searched != Failures.OK) {
            surroundings.err().println("no search could be made here; later starts are a second slower");
            engine.warmUp();
        }
        return Failures.OK;
    }

    private int loreley(String... arguments) {
        Map<String, String> environment = new HashMap<>(surroundings.environment());
        environment.keySet().retainAll(KEPT);
        environment.put("LORELEY_HOME", folder.resolve("home").toAbsolutePath().toString());
        Surroundings its = new Surroundings(
                environment, surroundings.out(), surroundings.err(), surroundings.clock(), surroundings.terminal());
        return Main.execute(its, new LocalEngine(surroundings.clock(), environment), arguments);
    }
}

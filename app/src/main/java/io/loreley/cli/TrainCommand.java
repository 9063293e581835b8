package io.loreley.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Does once what every run does, so that the launcher's ahead-of-time cache holds it: a search of a second, with a home,
 * a database and a project of its own. Where that cannot be had, the mappings alone.
 */
@Command(name = "train", hidden = true, description = "Do once what every run does, for the launcher's cache.")
final class TrainCommand implements Callable<Integer> {

    /** What a process of this user needs; nothing that names a database or a remote of theirs. */
    private static final List<String> KEPT =
            List.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "JAVA_HOME");

    private static final Map<String, String> FILES =
            Map.of("loreley.yaml", """
                    name: training
                    goal: A larger value.
                    repository: repository
                    import: true
                    agent: {command: [sh, "${project}/agent.sh"], timeout: 10s}
                    evaluator: {command: [sh, "${project}/evaluate.sh"], timeout: 10s}
                    objective: {metric: value, direction: maximize}
                    """, "agent.sh", """
                    read -r value < value.txt
                    echo "$((value + 1))" > value.txt
                    echo '{"summary": "raise the value"}' > "$LORELEY_RESULT"
                    """, "evaluate.sh", """
                    read -r value < value.txt
                    echo "{\\"metrics\\": [{\\"name\\": \\"value\\", \\"value\\": $value}]}" > "$LORELEY_RESULT"
                    """, "repository/value.txt", "1\n");

    private final Surroundings surroundings;
    private final Engine engine;

    @Parameters(paramLabel = "FOLDER", description = "For the project and the home; what is there is used again.")
    private Path folder = Path.of(".");

    TrainCommand(Surroundings surroundings, Engine engine) {
        this.surroundings = surroundings;
        this.engine = engine;
    }

    @Override
    public Integer call() throws IOException {
        Path project = folder.resolve("project");
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Path path = project.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        int searched = loreley("run", project.toString(), "--for", "1s", "--workers", "2", "--port", "0");
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

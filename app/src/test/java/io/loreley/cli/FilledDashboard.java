package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.cli.settings.Source;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.RunEvent;
import io.loreley.domain.Secret;
import io.loreley.git.Hub;
import io.loreley.store.Catalogue;
import io.loreley.store.Database;
import io.loreley.store.DatabaseUrl;
import io.loreley.store.TestDatabase;
import io.loreley.web.WebServer;
import io.loreley.web.WebSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A dashboard over real runs: the circle-packing example, and a project whose agent writes what nobody should trust; and over
 * one that never ran and shows what hours of work look like. Made once a JVM, because runs take seconds, and looked at by every
 * test of the dashboard.
 */
final class FilledDashboard {

    static final String SCRIPT =
            "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";

    /** Turns what follows it around. */
    static final String RIGHT_TO_LEFT = "\u202e";

    static final String RED = "\u001b[31m";

    private static final int PACKING_JOBS = 26;
    private static final int HOSTILE_JOBS = 9;

    /** Every third job fails; the rest write a path with dots and markup, a line of 5 MB, and marks that act on terminals. */
    private static final String HOSTILE_AGENT = """
            #!/bin/sh
            [ -f "$(dirname "$0")/wait" ] && echo 'waiting for a sign' && while [ -f "$(dirname "$0")/wait" ]; do sleep 0.1; done
            seed=$(sed -n 's/.*"seed" *: *\\([0-9]*\\).*/\\1/p' "$LORELEY_REQUEST" | head -n 1)
            printf '\\033[31mred\\033[0m \\342\\200\\256 backwards <b>bold</b>\\n'
            [ $((seed %% 3)) -eq 0 ] && { echo 'no <i>luck</i>' >&2; exit 9; }
            echo "$seed" > value.txt
            mkdir -p '..dots/<b>x'
            echo "$seed" > '..dots/<b>x/..%%2f..%%2fetc<img src=x>.txt'
            head -c 5000000 /dev/zero | tr '\\0' 'x' > long.txt
            cat > "$LORELEY_RESULT" <<'REPORT'
            {"summary": "%s", "commit_message": "%s"}
            REPORT
            """.formatted(
                    (SCRIPT + RIGHT_TO_LEFT + RED.replace("\u001b", "\\u001b") + "end").replace("\"", "\\\""),
                    (SCRIPT + " &amp;").replace("\"", "\\\"").substring(0, 60));

    private static final String EVALUATOR = """
            #!/bin/sh
            read -r value < value.txt
            printf '\\033[32mgreen\\033[0m <script>1</script>\\n'
            echo "{\\"summary\\": \\"<b>read</b> it\\", \\"metrics\\": {\\"value\\": $value}}" > "$LORELEY_RESULT"
            """;

    private static final FilledDashboard MADE = make();

    final MachineSettings machine;
    final Database database;
    final WebServer server;
    final Path hostileProject;
    final Catalogue.Entry packing;
    final Catalogue.Entry hostile;
    final Catalogue.Entry showcase;
    private final Wiring wiring;

    private FilledDashboard(MachineSettings machine, Path hostileProject) throws IOException {
        this.machine = machine;
        this.hostileProject = hostileProject;
        this.wiring = new Wiring(machine, InstantSource.system(), System.getenv());
        this.database = wiring.database();
        Path artifacts = new Home(machine.home()).artifacts(Showcase.EXPERIMENT);
        Showcase.fill(
                database,
                wiring.hub(Showcase.SLUG),
                artifacts,
                InstantSource.system().instant());
        this.server = serve(WebSettings.loopback(0));
        Catalogue catalogue = new Catalogue(database);
        this.packing = named(catalogue, "circle-packing");
        this.hostile = named(catalogue, "hostile");
        this.showcase = catalogue.find(Showcase.EXPERIMENT).orElseThrow();
    }

    private static Catalogue.Entry named(Catalogue catalogue, String name) {
        return catalogue.experiments().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static FilledDashboard get() {
        return MADE;
    }

    Hub hub(Catalogue.Entry experiment) {
        return wiring.hub(experiment.repository());
    }

    /** Another server over the same database. */
    WebServer serve(WebSettings settings) {
        return new Dashboard(wiring, machine).start(settings, database, experiment -> Optional.empty());
    }

    private static FilledDashboard make() {
        try {
            Path folder = Files.createTempDirectory("loreley-dashboard-");
            DatabaseUrl url = TestDatabase.empty();
            String text = url.jdbc()
                    .replace("jdbc:postgresql://", "postgresql://%s:%s@".formatted(url.user(), url.password()));
            MachineSettings machine = new MachineSettings(folder.resolve("home"), new Secret(text), 2, "info");
            run(machine, packing(folder), PACKING_JOBS);
            Path hostile = hostile(folder);
            run(machine, hostile, HOSTILE_JOBS);
            FilledDashboard made = new FilledDashboard(machine, hostile);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                made.server.close();
                made.wiring.close();
            }));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The example, with less time for each job. */
    private static Path packing(Path folder) throws IOException {
        Path example = Path.of("../examples/circle-packing").toAbsolutePath().normalize();
        Path project = Files.createDirectories(folder.resolve("circle-packing"));
        Files.writeString(
                project.resolve("loreley.yaml"),
                Files.readString(example.resolve("loreley.yaml"))
                        .replace("${project}/target", example.resolve("target").toString())
                        .replace("repository: packing", "repository: " + example.resolve("packing"))
                        .replace("\"1s\"", "\"0.15s\""));
        return project;
    }

    private static Path hostile(Path folder) throws IOException {
        Path project = Files.createDirectories(folder.resolve("hostile"));
        Path files = Files.createDirectories(project.resolve("files"));
        Files.writeString(files.resolve("value.txt"), "1\n");
        program(project.resolve("agent.sh"), HOSTILE_AGENT);
        program(project.resolve("evaluate.sh"), EVALUATOR);
        Files.writeString(project.resolve("loreley.yaml"), """
                name: hostile
                goal: "%s"
                repository: files
                import: true
                agent: {command: ["${project}/agent.sh"], timeout: 60s}
                evaluator: {command: ["${project}/evaluate.sh"], timeout: 10s}
                objective: {metric: value, direction: maximize}
                search: {seed: 5}
                commit: {max-file-kilobytes: 8000, max-growth-kilobytes: 20000}
                """.formatted(SCRIPT.replace("\"", "\\\"")));
        return project;
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        file.toFile().setExecutable(true);
    }

    /** Runs a project to the end of a budget, without a dashboard of its own. */
    static EndReport run(MachineSettings machine, Path project, int jobs) {
        Map<String, Source> flags = new HashMap<>();
        flags.put("budget.jobs", new Source("--jobs", Integer.toString(jobs)));
        try (GracefulStop stop = new GracefulStop(() -> {})) {
            return new LocalEngine(InstantSource.system(), System.getenv())
                    .run(
                            Project.load(project, flags, Map.of()),
                            machine,
                            ExperimentChoice.CONTINUE,
                            null,
                            new Nobody(),
                            stop);
        }
    }

    String url(String path) {
        return server.address() + path.replaceFirst("^/", "");
    }

    String api(ExperimentId experiment, String path) {
        return url("/api/v1/experiments/" + experiment + path);
    }

    String page(Catalogue.Entry experiment, String path) {
        return url("/e/%s/%s".formatted(experiment.id(), path));
    }

    private static final class Nobody implements Display {

        @Override
        public void on(RunEvent event) {}

        @Override
        public void finish(EndReport report) {}

        @Override
        public void close() {}
    }
}

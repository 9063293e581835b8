package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.cli.metrics.MetricsServer;
import io.loreley.cli.settings.Durations;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/**
 * What is in deploy/, as far as it can be checked where neither containers nor Helm nor systemd run: it parses, its
 * values exist and are used, and every command line in it is one that this program understands.
 */
class DeployTest {

    private static final Path DEPLOY = Path.of("../deploy");
    private static final String PROGRAM = " -jar /opt/loreley/loreley.jar ";
    private static final Pattern VALUE = Pattern.compile("\\{\\{ \\.(Values\\.[A-Za-z.]+|Release\\.[A-Za-z]+) }}");
    private static final Pattern UNLESS =
            Pattern.compile("\\s*\\{\\{- if not \\.Values\\.([A-Za-z.]+) }}(.*?)\\s*\\{\\{- end }}", Pattern.DOTALL);
    private static final Pattern EACH = Pattern.compile("\\{\\{ range \\.Values\\.([A-Za-z.]+) }}(.*?)\\{\\{ end }}");
    private static final Pattern IF = Pattern.compile("\\{\\{- if \\.Values\\.([A-Za-z.]+) }}\\n");

    private final CommandLine line =
            Main.line(Surroundings.ofThisProcess(), new LocalEngine(InstantSource.system(), System.getenv()));

    @Test
    void the_compose_file_starts_what_this_program_has() throws IOException {
        Map<String, ?> services =
                map(map(parse(Files.readString(DEPLOY.resolve("compose.yaml"))).getFirst())
                        .get("services"));

        assertThat(List.copyOf(services.keySet()))
                .containsExactly("database", "remote", "scheduler", "worker", "server");
        for (String role : List.of("scheduler", "worker", "server")) {
            Map<String, ?> service = map(services.get(role));
            understood(texts(service.get("command")));
            assertThat(map(service.get("environment"))).containsOnlyKeys("DATABASE_URL", "LORELEY_GIT_REMOTE");
            map(service.get("environment")).keySet().forEach(DeployTest::read);
        }
    }

    @Test
    void the_chart_renders_and_starts_what_this_program_has() throws IOException {
        Map<String, ?> values = map(parse(Files.readString(DEPLOY.resolve("helm/loreley/values.yaml")))
                .getFirst());
        Set<String> used = new HashSet<>();
        List<Map<String, ?>> objects = new ArrayList<>();
        try (Stream<Path> templates = Files.list(DEPLOY.resolve("helm/loreley/templates"))) {
            for (Path template : templates.sorted().toList()) {
                String rendered = render(Files.readString(template), values, used);
                assertThat(rendered).as(template.toString()).doesNotContain("{{");
                parse(rendered).forEach(object -> objects.add(map(object)));
            }
        }

        assertThat(objects.stream().map(object -> String.valueOf(object.get("kind"))))
                .containsExactly("TriggerAuthentication", "ScaledObject", "Job", "Deployment", "Service", "Deployment");
        assertThat(used).as("values that templates use").isEqualTo(leaves("", values));
        for (Map<String, ?> object : objects) {
            switch (String.valueOf(object.get("kind"))) {
                case "Job" -> pod(object);
                case "Deployment" -> {
                    // Those of the workers are KEDA's.
                    assertThat(map(object.get("spec")).containsKey("replicas"))
                            .isEqualTo(String.valueOf(object).contains("server"));
                    selected(object);
                    pod(object);
                }
                default -> {}
            }
        }
    }

    private static void selected(Map<String, ?> deployment) {
        Map<String, ?> selector =
                map(map(map(deployment.get("spec")).get("selector")).get("matchLabels"));
        Map<String, ?> labels =
                map(map(map(map(deployment.get("spec")).get("template")).get("metadata"))
                        .get("labels"));
        assertThat(labels.entrySet().containsAll(selector.entrySet())).isTrue();
    }

    private void pod(Map<String, ?> owner) {
        Map<String, ?> pod = map(map(map(owner.get("spec")).get("template")).get("spec"));
        assertThat(String.valueOf(map(pod.get("securityContext")).get("runAsNonRoot")))
                .isEqualTo("true");
        Map<String, ?> container = map(((List<?>) Objects.requireNonNull(pod.get("containers"))).getFirst());
        List<String> words = texts(container.get("args"));
        understood(words);
        probed(container, words);
        if (pod.containsKey("terminationGracePeriodSeconds") && words.contains("--soft-limit")) {
            int grace = Integer.parseInt(String.valueOf(pod.get("terminationGracePeriodSeconds")));
            assertThat(Duration.ofSeconds(grace)).isGreaterThan(softLimit(words));
        }
    }

    /** Whoever asks a pod for its health asks where it answers. */
    private static void probed(Map<String, ?> container, List<String> words) {
        Map<String, Integer> ports = new HashMap<>();
        ((List<?>) Objects.requireNonNull(container.get("ports")))
                .forEach(port -> ports.put(
                        String.valueOf(map(port).get("name")),
                        Integer.parseInt(String.valueOf(map(port).get("containerPort")))));
        String listening = words.get(words.indexOf("--metrics-port") + 1);
        for (String probe : List.of("livenessProbe", "readinessProbe")) {
            if (container.get(probe) instanceof Map<?, ?> wanted && wanted.get("httpGet") instanceof Map<?, ?> get) {
                assertThat(List.of(MetricsServer.HEALTH, MetricsServer.ALIVE))
                        .contains(String.valueOf(get.get("path")));
                assertThat(listening).endsWith(":" + ports.get(String.valueOf(get.get("port"))));
            }
        }
    }

    private static Duration softLimit(List<String> words) {
        return Durations.parse(words.get(words.indexOf("--soft-limit") + 1)).orElseThrow();
    }

    @Test
    void the_units_start_what_this_program_has() throws IOException {
        List<String> roles = new ArrayList<>();
        try (Stream<Path> units = Files.list(DEPLOY.resolve("systemd"))) {
            for (Path unit : units.sorted().toList()) {
                String start = Files.readAllLines(unit).stream()
                        .filter(each -> each.startsWith("ExecStart="))
                        .findFirst()
                        .orElseThrow();
                assertThat(start).contains(PROGRAM);
                List<String> words = List.of(start.substring(start.indexOf(PROGRAM) + PROGRAM.length())
                        .split(" "));
                roles.add(words.getFirst());
                understood(words);
                List<String> lines = Files.readAllLines(unit);
                lines.stream()
                        .filter(each -> each.startsWith("Environment="))
                        .flatMap(each ->
                                Stream.of(each.substring(each.indexOf('=') + 1).split(" ")))
                        .map(each -> each.substring(0, each.indexOf('=')))
                        .filter(name -> !name.equals("LANG"))
                        .forEach(DeployTest::read);
                assertThat(lines).contains("Environment=LANG=C.UTF-8");
                assertThat(lines).contains("SuccessExitStatus=" + Failures.INTERRUPTED);
                if (words.contains("--soft-limit")) {
                    String limit = lines.stream()
                            .filter(each -> each.startsWith("TimeoutStopSec="))
                            .findFirst()
                            .orElseThrow();
                    assertThat(Duration.ofSeconds(Long.parseLong(limit.substring(limit.indexOf('=') + 1))))
                            .isGreaterThan(softLimit(words));
                }
            }
        }
        assertThat(roles).containsExactlyInAnyOrder("scheduler", "server", "worker");
    }

    @Test
    void whoever_has_ended_or_was_refused_is_not_started_again() throws IOException {
        Map<String, ?> services =
                map(map(parse(Files.readString(DEPLOY.resolve("compose.yaml"))).getFirst())
                        .get("services"));

        for (String role : List.of("scheduler", "worker")) {
            assertThat(String.valueOf(map(services.get(role)).get("restart"))).isEqualTo("on-failure");
        }
        try (Stream<Path> units = Files.list(DEPLOY.resolve("systemd"))) {
            for (Path unit : units.toList()) {
                assertThat(Files.readAllLines(unit))
                        .contains(
                                "Restart=on-failure",
                                "SuccessExitStatus=" + Failures.INTERRUPTED,
                                "RestartPreventExitStatus=" + Failures.USAGE);
            }
        }
    }

    @Test
    void the_container_runs_as_nobody_of_importance() throws IOException {
        List<String> lines = Files.readAllLines(DEPLOY.resolve("Containerfile"));

        assertThat(lines).contains(" && install -d -o 10001 -g 10001 /remote");
        assertThat(lines.indexOf("USER 10001"))
                .isGreaterThan(0)
                .isLessThan(lines.indexOf(lines.stream()
                        .filter(each -> each.startsWith("ENTRYPOINT"))
                        .findFirst()
                        .orElseThrow()));
    }

    @Test
    void the_container_sets_variables_that_this_program_reads() throws IOException {
        Files.readAllLines(DEPLOY.resolve("Containerfile")).stream()
                .filter(each -> each.startsWith("ENV "))
                .flatMap(each -> Stream.of(each.substring("ENV ".length()).split(" ")))
                .map(each -> each.substring(0, each.indexOf('=')))
                .filter(name -> !name.equals("JAVA_TOOL_OPTIONS"))
                .forEach(DeployTest::read);
    }

    /** Its value makes a difference, be it that it is refused. */
    private static void read(String variable) {
        MachineOptions options = new MachineOptions();
        try {
            assertThat(options.settings(null, Map.of(variable, "postgresql://a/b")))
                    .as(variable)
                    .isNotEqualTo(options.settings(null, Map.of()));
        } catch (LoreleyException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION);
        }
    }

    /** The first word is a command, and every flag is one of its own. */
    private void understood(List<String> words) {
        assertThat(line.getSubcommands()).containsKey(words.getFirst());
        CommandLine command = Objects.requireNonNull(line.getSubcommands().get(words.getFirst()));
        words.stream()
                .filter(word -> word.startsWith("--"))
                .forEach(flag -> assertThat(command.getCommandSpec().findOption(flag))
                        .as(words.getFirst() + " " + flag)
                        .isNotNull());
    }

    /** As far as Helm's language is used: values, the release's name, conditions, and lists with one name in them. */
    private static String render(String template, Map<String, ?> values, Set<String> used) {
        String text = UNLESS.matcher(template).replaceAll(found -> {
            used.add(found.group(1));
            VALUE.matcher(found.group(2))
                    .results()
                    .forEach(in -> used.add(in.group(1).substring("Values.".length())));
            return Boolean.TRUE.equals(value(values, found.group(1))) ? "" : Matcher.quoteReplacement(found.group(2));
        });
        text = EACH.matcher(text).replaceAll(found -> {
            used.add(found.group(1));
            assertThat(value(values, found.group(1))).isEqualTo(List.of());
            return Matcher.quoteReplacement(found.group(2).replace("{{ . }}", "loreley.example"));
        });
        Matcher condition = IF.matcher(text);
        if (condition.find()) {
            used.add(condition.group(1));
            if (!Boolean.TRUE.equals(value(values, condition.group(1)))) {
                return "";
            }
            text = condition.replaceFirst("").replaceFirst("\\{\\{- end }}\\n?$", "");
        }
        return VALUE.matcher(text).replaceAll(found -> {
            if (found.group(1).startsWith("Release.")) {
                return found.group(1).equals("Release.Revision") ? "1" : "release";
            }
            String path = found.group(1).substring("Values.".length());
            used.add(path);
            return Matcher.quoteReplacement(String.valueOf(value(values, path)));
        });
    }

    private static Object value(Map<String, ?> values, String path) {
        @Nullable Object found = values;
        for (String key : path.split("\\.")) {
            found = map(found).get(key);
            assertThat(found).as(path).isNotNull();
        }
        return Objects.requireNonNull(found);
    }

    private static Set<String> leaves(String prefix, Map<String, ?> values) {
        Set<String> leaves = new HashSet<>();
        values.forEach((key, value) -> {
            if (value instanceof Map<?, ?>) {
                leaves.addAll(leaves(prefix + key + ".", map(value)));
            } else {
                leaves.add(prefix + key);
            }
        });
        return leaves;
    }

    private static List<Object> parse(String yaml) {
        List<Object> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build()).loadAllFromString(yaml).forEach(documents::add);
        return documents;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> map(@Nullable Object object) {
        assertThat(object).isInstanceOf(Map.class);
        return (Map<String, ?>) Objects.requireNonNull(object);
    }

    private static List<String> texts(@Nullable Object object) {
        return ((List<?>) Objects.requireNonNull(object))
                .stream().map(String::valueOf).toList();
    }
}

package io.loreley;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shape of the code, as ARCHITECTURE.md draws it. */
class ArchitectureTest {

    /** So that no rule passes on nothing. */
    private static final int CLASSES_AT_LEAST = 120;

    private static final JavaClasses LORELEY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.loreley");

    /** Who may call whom; a package that is not named here is not known to the architecture. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("domain", List.of()),
            Map.entry("mapelites", List.of()),
            Map.entry("process", List.of("domain")),
            Map.entry("store", List.of("domain", "mapelites", "process")),
            Map.entry("git", List.of("domain", "process")),
            Map.entry("contract", List.of("domain", "process")),
            Map.entry("agent", List.of("domain", "process", "contract")),
            Map.entry("evaluation", List.of("domain", "process", "contract")),
            Map.entry("llm", List.of("domain")),
            Map.entry("embedding", List.of("domain", "mapelites", "git", "llm", "store")),
            Map.entry("lineage", List.of("domain", "git", "llm", "store")),
            Map.entry("scheduler", List.of("domain", "mapelites", "embedding", "git", "store")),
            Map.entry("worker", List.of("domain", "process", "agent", "evaluation", "git", "lineage", "store")),
            Map.entry("web", List.of("domain", "git", "store")),
            Map.entry(
                    "cli",
                    List.of(
                            "web",
                            "domain",
                            "mapelites",
                            "process",
                            "store",
                            "git",
                            "contract",
                            "agent",
                            "evaluation",
                            "embedding",
                            "lineage",
                            "llm",
                            "scheduler",
                            "worker")));

    @Test
    void the_rules_see_the_code() {
        assertThat(LORELEY.size()).isGreaterThan(CLASSES_AT_LEAST);
        assertThat(LORELEY.stream()
                        .map(type -> type.getPackageName()
                                .replaceFirst("^io\\.loreley\\.?", "")
                                .replaceFirst("\\..*", ""))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
    }

    @Test
    void packages_call_only_what_the_architecture_allows() {
        MAY_USE.forEach((name, allowed) -> {
            String[] others = MAY_USE.keySet().stream()
                    .filter(other -> !other.equals(name) && !allowed.contains(other))
                    .map(other -> "io.loreley." + other + "..")
                    .toArray(String[]::new);
            check(noClasses()
                    .that(resideInAPackage("io.loreley." + name + ".."))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(others)));
        });
    }

    @Test
    void packages_have_no_cycles() {
        check(slices().matching("io.loreley.(*)..").should().beFreeOfCycles());
    }

    @Test
    void processes_have_one_door() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.loreley.process..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class)
                .orShould()
                .callMethodWhere(target(owner(type(Runtime.class))).and(target(name("exec")))));
    }

    @Test
    void sql_has_one_door() {
        check(noClasses()
                .that(resideInAPackage("io.loreley..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage("io.loreley.store.."))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.sql..",
                                "javax.sql..",
                                "org.hibernate..",
                                "com.zaxxer..",
                                "org.flywaydb..",
                                "com.github.kagkarlsson..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAPackage("org.hibernate.annotations..")
                                        .or(resideInAPackage("org.hibernate.generator.."))
                                        .or(resideInAPackage("org.hibernate.type.."))))));
    }

    @Test
    void time_and_chance_are_arguments() {
        check(noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(Random.class));
    }

    /** {@code Math} may round them otherwise on another processor; {@code StrictMath} may not. */
    @Test
    void functions_have_the_same_value_on_every_machine() {
        check(noClasses()
                .should()
                .callMethodWhere(target(owner(type(Math.class)))
                        .and(target(
                                nameMatching("log|log10|log1p|exp|expm1|pow|cbrt|hypot|a?(sin|cos|tan)h?|atan2")))));
    }

    @Test
    void only_the_command_line_talks_to_the_terminal() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.loreley.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err"));
    }

    @Test
    void names_are_nouns_of_the_field() {
        check(noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Processor|Impl)$"));
    }

    @Test
    void every_package_says_what_it_is() throws IOException {
        try (Stream<Path> folders = Files.walk(Path.of("src/main/java"))) {
            assertThat(folders.filter(Files::isDirectory).filter(ArchitectureTest::holdsCode))
                    .isNotEmpty()
                    .allSatisfy(folder ->
                            assertThat(folder.resolve("package-info.java")).exists());
        }
    }

    @Test
    void classes_stay_readable() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(400));
        }
    }

    private static boolean holdsCode(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void check(ArchRule rule) {
        rule.check(LORELEY);
    }
}

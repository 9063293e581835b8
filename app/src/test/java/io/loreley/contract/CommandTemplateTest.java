package io.loreley.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTemplateTest {

    private static final Path PROJECT = Path.of("/home/me/my $1 project");

    @Test
    void placeholders_stand_for_the_project_and_the_running_java() {
        List<String> arguments = template("${java}", "-cp", "${project}/a.jar:${project}/b.jar", "Main")
                .expand(PROJECT);

        assertThat(Files.isExecutable(Path.of(arguments.getFirst()))).isTrue();
        assertThat(arguments.subList(1, 4))
                .containsExactly("-cp", "/home/me/my $1 project/a.jar:/home/me/my $1 project/b.jar", "Main");
    }

    @Test
    void two_dollar_signs_hand_the_braces_to_the_program() {
        assertThat(template("sh", "-c", "echo $HOME $${HOME}").expand(PROJECT))
                .containsExactly("sh", "-c", "echo $HOME ${HOME}");
    }

    @Test
    void an_unknown_placeholder_is_a_configuration_failure_that_lists_the_known_ones() {
        assertThatThrownBy(() -> template("run", "${projcet}/x").expand(PROJECT))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContainingAll("agent.command", "${projcet}", "[java, project]");
    }

    @Test
    void a_command_without_a_program_is_refused() {
        assertThatThrownBy(CommandTemplateTest::template).hasMessageContaining("agent.command names no program");
        assertThatThrownBy(() -> template(" ", "x")).hasMessageContaining("agent.command names no program");
    }

    private static CommandTemplate template(String... arguments) {
        return new CommandTemplate("agent.command", List.of(arguments));
    }
}

package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.loreley.domain.LoreleyException;
import io.loreley.domain.Secret;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineSettingsTest {

    @Test
    void defaults_are_the_home_folder_and_one_worker_a_core() {
        MachineSettings machine = MachineSettings.of(null, null, null, null, Map.of("DATABASE_URL", " "));

        assertThat(machine.home()).isEqualTo(Path.of(System.getProperty("user.home"), ".loreley"));
        assertThat(machine.databaseUrl()).isNull();
        assertThat(machine.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(machine.logLevel()).isEqualTo("info");
    }

    @Test
    void a_flag_beats_the_environment() {
        Map<String, String> environment = Map.of(
                "LORELEY_HOME", "/one", "DATABASE_URL", "postgresql://one", "WORKER_COUNT", "1", "LOG_LEVEL", "DEBUG");

        assertThat(MachineSettings.of(null, null, null, null, environment))
                .isEqualTo(new MachineSettings(Path.of("/one"), new Secret("postgresql://one"), 1, "debug"));
        assertThat(MachineSettings.of(Path.of("/two"), "postgresql://two", 2, "warn", environment))
                .isEqualTo(new MachineSettings(Path.of("/two"), new Secret("postgresql://two"), 2, "warn"));
    }

    @Test
    void a_password_is_not_shown() {
        assertThat(MachineSettings.of(null, "postgresql://me:hunter2@host/db", 1, null, Map.of())
                        .toString())
                .doesNotContain("hunter2");
    }

    @Test
    void a_wrong_value_is_refused_with_its_rule() {
        assertRefused(Map.of("WORKER_COUNT", "many"), "WORKER_COUNT: expected a whole number, found 'many'");
        assertRefused(Map.of("WORKER_COUNT", "0"), "workers: 0 is out of range: from 1 to 1024");
        assertRefused(Map.of("LOG_LEVEL", "debgu"), "did you mean debug?");
    }

    private static void assertRefused(Map<String, String> environment, String message) {
        assertThatExceptionOfType(LoreleyException.class)
                .isThrownBy(() -> MachineSettings.of(null, null, null, null, environment))
                .withMessageContaining(message);
    }
}

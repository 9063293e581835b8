package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsPageTest {

    @Test
    void the_page_on_settings_is_up_to_date() throws IOException {
        assertThat(Files.readString(Path.of("../docs/settings.md")))
                .as("docs/settings.md is generated; regenerate it with: ./loreley reference > docs/settings.md")
                .isEqualTo(SettingsPage.markdown());
    }
}

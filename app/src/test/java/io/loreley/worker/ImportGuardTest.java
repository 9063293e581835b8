package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.cli.settings.SettingsBinder;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportGuardTest {

    private static final String TOKEN = "ghp_" + "a1B2".repeat(9);

    private final ProcessRunner processes = new ProcessRunner();

    @TempDir
    Path folder;

    private Path project;
    private Hub hub;

    @BeforeEach
    void a_project() throws IOException {
        hub = Hub.open(folder.resolve("hub"), processes);
        project = folder.resolve("project");
        write("loreley.yaml", "name: x\n");
        write("build/evaluate.py", "print(1)\n");
        write("data.bin", "\0" + TOKEN);
    }

    @AfterEach
    void nothing_stays_open() {
        hub.close();
        processes.close();
    }

    @Test
    void an_ordinary_project_may_go() throws IOException {
        check("");
    }

    @Test
    void files_of_credentials_and_secrets_stay_unless_the_folder_itself_ignores_them() throws IOException {
        write("sub/.env", "MODE=production\n");
        write("notes.txt", "one\nthe token is " + TOKEN + "\n");

        assertThatThrownBy(() -> check(""))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContainingAll(
                        "sub/.env: '.env' of commit.deny", "notes.txt: holds a GitHub token", ".gitignore")
                .hasMessageNotContaining(TOKEN);

        write(".gitignore", "notes.txt\n");
        check("deny: [.env, '!sub/.env']");
        write(".gitignore", "notes.txt\n.env\n");
        check("");
    }

    private void check(String settings) throws IOException {
        CommitSettings commit = new SettingsBinder(Map.of(), Map.of())
                .bind(CommitSettings.class, Files.writeString(folder.resolve("commit.yaml"), settings));
        new ImportGuard(commit, hub, Map.of()).check(project, hub.fetch(new Source.FolderSource(project), "HEAD"));
    }

    private void write(String path, String content) throws IOException {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}

package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

    @TempDir
    private Path folder;

    @Test
    void homes_of_agents_go_with_the_process_that_made_them() throws Exception {
        Home home = new Home(folder);
        WorkerName self = WorkerName.ofThisProcess();
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path dead = agentHome(home, new WorkerName(self.host(), self.origin(), ended.pid(), self.startedAt()));
        Path reused = agentHome(home, new WorkerName(self.host(), self.origin(), self.pid(), self.startedAt() - 60));
        Path alive = agentHome(home, self);
        Path elsewhere = agentHome(home, new WorkerName("elsewhere", "0123abcd", ended.pid(), self.startedAt()));
        Path users = Files.createDirectories(folder.resolve("agents/notes"));

        home.sweepAgentHomes(self);

        assertThat(dead).doesNotExist();
        assertThat(reused).as("of a process whose number another has now").doesNotExist();
        assertThat(alive).exists();
        assertThat(elsewhere).exists();
        assertThat(users).exists();
    }

    private static Path agentHome(Home home, WorkerName process) throws Exception {
        Path run = Files.createDirectories(home.agentHomes(process).resolve("run-1/.config"));
        Files.writeString(run.resolve("auth.json"), "{}");
        return home.agentHomes(process);
    }
}

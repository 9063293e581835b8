package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.SearchInvariants;
import io.loreley.git.Hub;
import io.loreley.process.ProcessRunner;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two machines, as far as one can tell: two schedulers of which one stands by, four workers, a database and a Git remote
 * that all share, a home folder each. While the campaign goes on they are killed and stopped at random, and started anew.
 * A longer run, under another seed:
 *
 * <pre>
 * ./mvnw -pl app -am verify -Dtest=NoUnit -Dit.test=ChaosIT -Dloreley.chaos.seed=7 -Dloreley.chaos.jobs=500 -Dloreley.chaos.strikes=100
 * </pre>
 */
@Timeout(value = Integer.MAX_VALUE, unit = TimeUnit.SECONDS)
@Isolated("its time limits are short")
class ChaosIT {

    private static final long SEED = Long.getLong("loreley.chaos.seed", 1);
    private static final int JOBS = Integer.getInteger("loreley.chaos.jobs", 12);
    private static final int STRIKES = Integer.getInteger("loreley.chaos.strikes", 5);
    /** From one strike to the next, and how long a stopped process stays so: longer than its heart may pause. */
    private static final Duration PAUSE = Duration.ofMillis(1500);
    /** The whole campaign: bounded, whatever hangs. */
    private static final Duration LIMIT = Duration.ofMinutes(4).plusSeconds(10L * STRIKES);

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    Path folder;

    private final ProcessRunner processes = new ProcessRunner();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<Member> members = new ArrayList<>();
    private Path project;
    private Path remote;

    @BeforeEach
    void a_project() throws Exception {
        remote = folder.resolve("remote.git");
        assertThat(new ProcessBuilder("git", "init", "--quiet", "--bare", remote.toString())
                        .start()
                        .waitFor())
                .isZero();
        project = Files.createDirectories(folder.resolve("project"));
        Path code = Files.createDirectories(project.resolve("code"));
        Files.writeString(code.resolve("value.txt"), "1\n");
        script("agent.sh", """
                #!/bin/sh
                sleep 0.2
                sed -n 's/.*"seed" *: *\\([0-9]*\\).*/\\1/p' "$LORELEY_REQUEST" | head -n 1 > value.txt
                echo '{"summary": "set the value"}' > "$LORELEY_RESULT"
                """);
        script("evaluate.sh", """
                #!/bin/sh
                read -r value < value.txt
                echo "{\\"summary\\": \\"read\\", \\"metrics\\": [{\\"name\\": \\"value\\", \\"value\\": $value}]}" > "$LORELEY_RESULT"
                """);
        Files.writeString(project.resolve("loreley.yaml"), """
                name: chaos
                goal: Another number.
                repository: code
                import: true
                agent: {command: ["${project}/agent.sh"]}
                evaluator: {command: ["${project}/evaluate.sh"]}
                objective: {metric: value}
                search: {seeds: 3, inspirations: 1}
                """);
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(project.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @AfterEach
    void end() {
        members.forEach(Member::kill);
        processes.close();
    }

    @Test
    void whoever_is_killed_or_stopped_the_campaign_ends_and_nothing_is_lost() throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Member first = new Member("one", "scheduler", "--jobs", Integer.toString(JOBS), "--json");
        Member second = new Member("two", "scheduler", "--jobs", Integer.toString(JOBS), "--json");
        members.addAll(List.of(first, second));
        for (int i = 0; i < 4; i++) {
            members.add(new Member(i < 2 ? "one" : "two", "worker", "--workers", "1"));
        }
        for (Member member : members) {
            member.start();
        }
        await(deadline, () -> count("SELECT count(*) FROM evolution_jobs WHERE status = 'SUCCEEDED'") > 0);

        for (int strike = 0; strike < STRIKES && !first.endedWell() && !second.endedWell(); strike++) {
            strike(members.get(random.nextInt(members.size())));
        }
        await(deadline, () -> {
            for (Member member : members) {
                member.startAgainIfKilled();
            }
            return first.endedWell() || second.endedWell();
        });
        for (Member member : members) {
            member.kill();
        }

        UUID experiment = UUID.fromString(text("SELECT id::text FROM experiments"));
        awaitNoLock(deadline);
        try (Hub shared = Hub.open(folder.resolve("check"), processes)) {
            List<String> kept = shared.exchangeThrough(remote.toString()).refs(List.of("refs/loreley/*"));
            new SearchInvariants(postgres.database(), experiment).check(JOBS, kept);
        }
        assertThat(count("SELECT count(DISTINCT worker) FROM job_stages")).isGreaterThan(1);
    }

    @Test
    void a_scheduler_that_is_stopped_or_killed_is_overtaken_within_fifteen_seconds() throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        members.add(new Member("one", "scheduler", "--json"));
        members.add(new Member("two", "scheduler", "--json"));
        for (Member member : members) {
            member.start();
        }
        await(deadline, () -> count("SELECT count(*) FROM scheduler_leases") == 1 && anySays("standing_by"));

        Member stopped = holder();
        stopped.signal("STOP");
        long struck = System.nanoTime();
        await(deadline, () -> count("SELECT max(epoch) FROM scheduler_leases") == 2);
        Duration afterStop = Duration.ofNanos(System.nanoTime() - struck);
        stopped.signal("CONT");
        await(deadline, () -> stopped.says("standing_by"));

        Member killed = holder();
        killed.kill();
        struck = System.nanoTime();
        await(deadline, () -> count("SELECT max(epoch) FROM scheduler_leases") == 3);

        assertThat(afterStop).isLessThan(Duration.ofSeconds(15));
        assertThat(Duration.ofNanos(System.nanoTime() - struck)).isLessThan(Duration.ofSeconds(15));
        assertThat(holder()).isSameAs(stopped).isNotSameAs(killed);
    }

    private boolean anySays(String word) throws IOException {
        for (Member member : members) {
            if (member.says(word)) {
                return true;
            }
        }
        return false;
    }

    private Member holder() throws SQLException {
        String pid = text("SELECT split_part(holder, ':', 2) FROM scheduler_leases");
        return members.stream().filter(member -> member.hasPid(pid)).findFirst().orElseThrow();
    }

    /** The server notices a moment later that the killed are gone. */
    private void awaitNoLock(long deadline) throws Exception {
        await(
                deadline,
                () -> count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                        == 0);
    }

    private void strike(Member member) throws IOException, InterruptedException {
        if (!member.isAlive()) {
            member.startAgainIfKilled();
        } else if (random.nextInt(3) > 0) {
            member.kill();
            pause();
            member.startAgainIfKilled();
        } else {
            member.signal("STOP");
            pause();
            pause();
            member.signal("CONT");
        }
        pause();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    private interface Question {
        boolean answer() throws Exception;
    }

    private void await(long deadline, Question question) throws Exception {
        while (!question.answer()) {
            assertThat(System.nanoTime())
                    .as(() -> "in time; seed %d; %s".formatted(SEED, said()))
                    .isLessThan(deadline);
            LockSupport.parkNanos(200_000_000);
        }
    }

    private String said() {
        StringBuilder said = new StringBuilder();
        for (Member member : members) {
            said.append('\n').append(member.role).append(": ").append(member.output());
        }
        return said.toString();
    }

    private long count(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    private String text(String sql) throws SQLException {
        try (var connection = postgres.database().dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "0";
        }
    }

    /** One process of the campaign, and its successors. */
    private final class Member {

        private final String machine;
        private final String role;
        private final List<String> flags;
        private final Path output;
        private @Nullable Process process;

        Member(String machine, String role, String... flags) {
            this.machine = machine;
            this.role = role;
            this.flags = List.of(flags);
            this.output = folder.resolve("%s-%s-%d.log".formatted(machine, role, members.size()));
        }

        void start() throws IOException {
            List<String> arguments =
                    new ArrayList<>(List.of(role, project.toString(), "--git-remote", remote.toString()));
            arguments.addAll(flags);
            ProcessBuilder builder =
                    LoreleyProcess.of(folder.resolve("home-" + machine), arguments.toArray(String[]::new));
            builder.environment()
                    .put(
                            "DATABASE_URL",
                            "%s?user=%s&password=%s"
                                    .formatted(
                                            postgres.url()
                                                    .jdbc()
                                                    .replaceFirst("^jdbc:", "")
                                                    .replaceFirst("\\?.*", ""),
                                            encoded(Objects.requireNonNull(
                                                    postgres.url().user())),
                                            encoded(Objects.requireNonNull(
                                                    postgres.url().password()))));
            builder.environment().put("WORKER_HEARTBEAT_SECONDS", "0.5");
            process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
        }

        void startAgainIfKilled() throws IOException {
            Process last = process;
            if (last != null && !last.isAlive() && !endedWell()) {
                start();
            }
        }

        boolean hasPid(String pid) {
            return process != null && Long.toString(process.pid()).equals(pid);
        }

        boolean isAlive() {
            return process != null && process.isAlive();
        }

        boolean endedWell() {
            Process last = process;
            return last != null && !last.isAlive() && last.exitValue() == 0;
        }

        void kill() {
            if (process != null) {
                process.destroyForcibly().onExit().join();
            }
        }

        void signal(String name) throws IOException, InterruptedException {
            if (process != null) {
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor();
            }
        }

        boolean says(String word) throws IOException {
            return Files.exists(output) && Files.readString(output).contains(word);
        }

        String output() {
            try {
                String all = Files.exists(output) ? Files.readString(output) : "";
                return all.substring(Math.max(0, all.length() - 1500));
            } catch (IOException e) {
                return e.toString();
            }
        }
    }
}

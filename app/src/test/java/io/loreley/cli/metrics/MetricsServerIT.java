package io.loreley.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Experiment;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.RunEvent;
import io.loreley.store.Experiments;
import io.loreley.store.TestDatabase;
import io.loreley.store.Vitals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MetricsServerIT {

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    private final HttpClient client = HttpClient.newHttpClient();
    private Metrics metrics;
    private MetricsServer server;

    @BeforeEach
    void start() {
        Experiments experiments = new Experiments(postgres.database());
        for (String repository : List.of("one", "two")) {
            experiments.create(new Experiment(
                    new ExperimentId(UUID.randomUUID()),
                    experiments.repository(repository, null, null, Map.of()),
                    "hash",
                    "metrics",
                    Map.of(),
                    "active"));
        }
        metrics = new Metrics(new Vitals(postgres.database()));
        server = MetricsServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), metrics);
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
        client.close();
    }

    @Test
    void what_happened_here_and_what_the_database_holds_can_be_scraped() throws Exception {
        JobId job = new JobId(new UUID(2, 2));
        metrics.on(new RunEvent.JobFailed(job, FailureKind.AGENT_CRASH, "it fell", Duration.ofSeconds(2)));
        metrics.on(new RunEvent.JobRejected(
                job, new CommitHash("2".repeat(40)), "too large", "grow", Duration.ofSeconds(1)));
        metrics.on(new RunEvent.BestImproved(new CommitHash("1".repeat(40)), 2, 1));

        String text = get("/metrics").body();

        assertThat(text)
                .contains("loreley_database_up 1.0")
                .contains("loreley_improvements_total 1.0")
                .contains("loreley_job_duration_seconds_count{cause=\"agent_crash\",outcome=\"failed\"} 1")
                .contains("loreley_job_duration_seconds_count{cause=\"\",outcome=\"rejected\"} 1")
                .contains("loreley_worker_slots{experiment=\"metrics\",repository=\"one\"} 0.0")
                .contains("loreley_scheduler_silence_seconds{experiment=\"metrics\",repository=\"two\"} -1.0")
                .contains("jvm_memory_used_bytes");
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
    }

    @Test
    void health_is_red_while_the_database_is_gone_and_the_process_is_alive() throws Exception {
        postgres.database().close();

        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body()).contains("loreley_database_up 0.0");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}

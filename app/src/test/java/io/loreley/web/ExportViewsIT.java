package io.loreley.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.ExperimentId;
import io.loreley.store.LargeTables;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Exports to clients that read nothing. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class ExportViewsIT {

    private static final ExperimentId EXPERIMENT = new ExperimentId(new UUID(2, 1));

    @RegisterExtension
    final TestDatabase postgres = new TestDatabase();

    @TempDir
    private Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private WebServer server;

    /** More to export than fits into what lies between a server and a client that does not read. */
    @BeforeEach
    void open() throws SQLException {
        execute("INSERT INTO repositories (id, slug) VALUES ('%s', 'large')".formatted(new UUID(1, 1)));
        execute("""
                INSERT INTO experiments (id, repository_id, config_hash, name, status, config_snapshot)
                VALUES ('%s', '%s', 'x', 'large', 'active', '{}')""".formatted(EXPERIMENT, new UUID(1, 1)));
        LargeTables.jobs(postgres.database(), EXPERIMENT, 2000);
        execute("UPDATE evolution_jobs SET ingestion_message = repeat('x', 20000)");
        server = WebServer.start(
                WebSettings.loopback(0),
                new WebSources(
                        postgres.database(),
                        slug -> {
                            throw new AssertionError("no hub is needed");
                        },
                        home,
                        home,
                        experiment -> Optional.empty(),
                        new Here(home),
                        InstantSource.system()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void exports_that_nobody_reads_leave_the_other_connections_to_the_run() throws Exception {
        try (Socket _ = stalled();
                Socket _ = stalled()) {
            HttpResponse<String> refused = export("archive.csv");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("10");
            assertThat(refused.body()).contains("2 exports are being sent");
        }
        HttpResponse<String> again;
        do {
            again = export("archive.csv"); // a client that is gone is noticed a moment later
        } while (again.statusCode() == 503);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(export("stages.csv").statusCode()).isEqualTo(200);
        assertThat(export("stages.csv").statusCode()).isEqualTo(200);
    }

    /** Has read that its export comes, and no more. */
    private Socket stalled() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(address("").getHost(), address("").getPort()));
        socket.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                        .formatted(address("jobs.csv").getPath(), address("").getAuthority())
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 200");
        return socket;
    }

    private HttpResponse<String> export(String table) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address(table)).build(), BodyHandlers.ofString());
    }

    private URI address(String table) {
        return URI.create(server.address() + "api/v1/experiments/" + EXPERIMENT + "/export/" + table);
    }

    private void execute(String sql) throws SQLException {
        try (var connection = postgres.database().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

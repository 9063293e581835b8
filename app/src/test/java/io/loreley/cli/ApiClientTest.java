package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiClientTest {

    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            int status = Integer.parseInt(exchange.getRequestURI().getPath().replaceFirst(".*/", ""));
            byte[] body = "the database is away".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"500, true", "502, true", "503, true", "400, false", "401, false", "404, false"})
    void what_a_server_cannot_do_just_now_may_pass_and_a_refusal_stays(int status, boolean mayPass) {
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        try (ApiClient api = new ApiClient(address, null)) {
            LoreleyException failure = catchThrowableOfType(LoreleyException.class, () -> api.get("/" + status));

            assertThat(RemoteExperiment.mayPass(failure)).isEqualTo(mayPass);
        }
    }
}

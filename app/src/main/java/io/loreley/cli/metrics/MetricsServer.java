package io.loreley.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers {@code /metrics} in the text format of Prometheus, {@code /health} with 200 while the database answers and 503
 * while it does not, and {@code /health/live} with 200 as long as the process can answer at all. Holds no secret, and needs
 * no token.
 */
public final class MetricsServer implements AutoCloseable {

    public static final String HEALTH = "/health";
    public static final String ALIVE = "/health/live";

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads;

    private MetricsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** @throws LoreleyException of kind CONFIGURATION if the address is taken or not ours */
    public static MetricsServer start(InetSocketAddress address, Metrics metrics) {
        try {
            HttpServer server = HttpServer.create(address, 0);
            ExecutorService threads = Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("metrics-", 0).factory());
            server.setExecutor(threads);
            server.createContext("/metrics", exchange -> answer(exchange, 200, PROMETHEUS, metrics.scrape()));
            server.createContext(HEALTH, exchange -> {
                boolean well = metrics.isWell();
                answer(exchange, well ? 200 : 503, TEXT, well ? "up\n" : "the database does not answer\n");
            });
            server.createContext(ALIVE, exchange -> answer(exchange, 200, TEXT, "alive\n"));
            server.start();
            return new MetricsServer(server, threads);
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "cannot listen on %s for --metrics-port: %s".formatted(address, e.getMessage()),
                    e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    /** The port that is listened on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

package io.loreley.web;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.ApiTokens;
import io.loreley.store.UnusableValueException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dashboard and API over HTTP, a virtual thread a request. Reads the database and the hubs; holds no state that matters. */
public final class WebServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    /** A larger one is not read to its end, and the end of its connection may take the answer with it. */
    private static final long LARGEST_BODY = 1 << 20;

    /** Viewers hold a stream each, and they come back by themselves. */
    private static final Duration GRACE = Duration.ofMillis(200);

    private final io.helidon.webserver.WebServer server;
    private final WebSettings settings;
    private final EventStreams events;
    private final Routes routes;

    private WebServer(io.helidon.webserver.WebServer server, WebSettings settings, EventStreams events, Routes routes) {
        this.server = server;
        this.settings = settings;
        this.events = events;
        this.routes = routes;
    }

    /**
     * Starts to listen.
     *
     * @throws LoreleyException of kind CONFIGURATION if the address cannot be had
     */
    public static WebServer start(WebSettings settings, WebSources sources) {
        if (settings.port() != WebSettings.DEFAULT_OR_FREE) {
            return startAt(settings, sources);
        }
        try {
            return startAt(settings.at(WebSettings.DEFAULT_PORT), sources);
        } catch (LoreleyException taken) {
            LOG.atInfo().addKeyValue("port", WebSettings.DEFAULT_PORT).log("web.port.taken");
            return startAt(settings.at(0), sources);
        }
    }

    private static WebServer startAt(WebSettings settings, WebSources sources) {
        InetAddress address = address(settings.host());
        ApiTokens tokens = sources.tokens();
        Guard guard = new Guard(
                tokens,
                sources.machine().user(),
                !address.isLoopbackAddress() || !settings.hostNames().isEmpty(),
                settings.readOnly(),
                settings.hostNames());
        EventStreams events = new EventStreams(sources.pulse(), sources.clock());
        Routes routes = new Routes(sources, events);
        var listener = io.helidon.webserver.WebServer.builder()
                .featuresDiscoverServices(false)
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .address(address)
                .port(settings.port())
                .maxPayloadSize(LARGEST_BODY)
                // The end of an answer waits 40 ms for an acknowledgement otherwise (Nagle's algorithm).
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .directHandlers(unrouted -> unrouted.addHandler(EventType.BAD_REQUEST, WebServer::refuseUnrouted))
                .routing(routing -> route(routing, guard, routes, new Assets()))
                .build();
        listener.start(); // logs why it cannot, and returns
        if (!listener.isRunning()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "the web server cannot listen on %s port %d: it is taken, or not for us. Choose another with --port, or 0 for any that is free."
                            .formatted(settings.host(), settings.port()));
        }
        events.start();
        WebServer started = new WebServer(listener, settings, events, routes);
        LOG.atInfo().addKeyValue("address", started.address()).log("web.started");
        return started;
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "host: '%s' is no address of this machine".formatted(host), e);
        }
    }

    /** Where a browser finds it. */
    public String address() {
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return "http://%s:%d/".formatted(host.equals("0.0.0.0") ? "127.0.0.1" : host, server.port());
    }

    /** Every address of the API with its method and operation, as the OpenAPI document writes them. */
    public List<String> addresses() {
        return routes.all().stream()
                .map(route -> "%s %s%s %s"
                        .formatted(route.method(), Routes.PREFIX, route.path().replace("{+", "{"), route.operation()))
                .toList();
    }

    public int port() {
        return server.port();
    }

    private static void route(HttpRouting.Builder routing, Guard guard, Routes routes, Assets assets) {
        for (Route route : routes.all()) {
            routing.route(
                    Method.create(route.method()),
                    Routes.PREFIX + route.path(),
                    (request, response) -> answer(request, response, guard, route));
        }
        routing.any((request, response) -> {
            Assets.secure(response, assets);
            refuseOr(request, response, () -> {
                guard.requireOurName(request);
                String path = request.path().path();
                if (path.startsWith("/api/")) {
                    throw Problem.notFound("there is no %s %s; /api/v1/openapi.json says what there is"
                            .formatted(request.prologue().method().text(), path));
                }
                String method = request.prologue().method().text();
                if (!method.equals("GET") && !method.equals("HEAD")) {
                    throw Problem.badRequest("pages are only read");
                }
                assets.serve(path, request, response);
            });
        });
    }

    private static void answer(ServerRequest request, ServerResponse response, Guard guard, Route route) {
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        response.header(HeaderNames.create("Cross-Origin-Resource-Policy"), "same-origin");
        response.header(
                HeaderNames.create("Content-Security-Policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
        response.header(HeaderNames.create("Referrer-Policy"), "no-referrer");
        refuseOr(request, response, () -> {
            guard.requireOurName(request);
            Call call = new Call(request, guard.admit(request, route.role()));
            send(request, response, route.endpoint().reply(call));
        });
    }

    private static void send(ServerRequest request, ServerResponse response, Reply reply) {
        switch (reply) {
            case Reply.Value(Object value) -> send(request, response, Documents.document(value));
            case Reply.Document document -> send(request, response, document);
            case Reply.Stream(String type, Map<String, String> headers, Reply.Writer writer) -> {
                response.header(HeaderNames.CONTENT_TYPE, type);
                headers.forEach((name, value) -> response.header(HeaderNames.create(name), value));
                try (OutputStream out = response.outputStream()) {
                    writer.write(out);
                } catch (IOException | UncheckedIOException e) {
                    LOG.atDebug().setCause(e).log("web.client.gone");
                }
            }
            case Reply.Done(int status, Map<String, String> headers) -> {
                headers.forEach((name, value) -> response.header(HeaderNames.create(name), value));
                response.status(Status.create(status)).send();
            }
        }
    }

    private static void send(ServerRequest request, ServerResponse response, Reply.Document document) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        Assets.sendTagged(request, response, document);
    }

    /** The HTTP boundary: what went wrong becomes a problem document, whoever it was. */
    private static void refuseOr(ServerRequest request, ServerResponse response, Runnable work) {
        try {
            work.run();
        } catch (CloseConnectionException e) {
            LOG.atDebug().setCause(e).log("web.client.gone");
            throw e; // the listener ends the connection
        } catch (Problem problem) {
            refuse(response, problem);
        } catch (LoreleyException e) {
            LOG.atWarn().addKeyValue("path", request.path().path()).setCause(e).log("web.failed");
            String said = String.valueOf(e.getMessage());
            refuse(
                    response,
                    switch (e.kind()) {
                        case DATABASE, GIT, STORAGE -> Problem.unavailable(said);
                        case CONFIGURATION ->
                            e instanceof UnusableValueException ? Problem.badRequest(said) : Problem.conflict(said);
                        default -> Problem.internal(said);
                    });
        } catch (RuntimeException e) {
            if (response.isSent()) {
                LOG.atDebug().setCause(e).log("web.client.gone");
                return;
            }
            LOG.atError().addKeyValue("path", request.path().path()).setCause(e).log("web.bug");
            refuse(response, Problem.internal("this is a bug of Loreley; the log has its trace"));
        }
    }

    private static void refuse(ServerResponse response, Problem problem) {
        if (response.isSent()) {
            return;
        }
        response.status(Status.create(problem.status()));
        response.header(HeaderNames.CONTENT_TYPE, "application/problem+json");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        problem.retryAfter()
                .ifPresent(after -> response.header(HeaderNames.RETRY_AFTER, Long.toString(after.toSeconds())));
        response.send(Documents.json(problem.body()));
    }

    /** What the listener refuses by itself: an address that is none, a body that is too large. */
    private static TransportResponse refuseUnrouted(
            TransportRequest request, EventType event, Status status, ServerResponseHeaders headers, String message) {
        Problem problem = status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()
                ? Problem.tooLarge("the request's body is larger than %d bytes".formatted(LARGEST_BODY))
                : Problem.badRequest(
                        "this request cannot be read: look at its address, where % begins two hexadecimal digits");
        headers.set(HeaderNames.CONTENT_TYPE, "application/problem+json");
        headers.set(HeaderNames.CACHE_CONTROL, "no-store");
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(event.keepAlive())
                .entity(Documents.json(problem.body()))
                .build();
    }

    /** Ends the streams, then the server. */
    @Override
    public void close() {
        events.close();
        server.stop();
    }
}

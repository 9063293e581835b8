package io.loreley.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.loreley.domain.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The pages and their libraries, from the class path, held in memory once they were asked for. */
final class Assets {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json");

    /** Our names of libraries, and the packages that hold them. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "lit-html", library("org.webjars.npm", "lit-html"),
            "uplot", library("org.webjars.npm", "uplot"),
            "highlightjs", library("org.webjars", "highlightjs"));

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*)*");
    private static final Pattern INLINE = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
    private static final List<String> PAGES = List.of("", "e");

    private final Map<String, Optional<Reply.Document>> known = new ConcurrentHashMap<>();
    private final Reply.Document index = load("web/index.html").orElseThrow();
    private final String policy =
            "default-src 'none'; script-src 'self' '%s'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    .formatted(hashOfImportMap(new String(index.bytes(), StandardCharsets.UTF_8)));

    /** What a page may do: nothing that did not come with it. The import map is the one inline script, known by its hash. */
    static void secure(ServerResponse response, Assets assets) {
        response.header(HeaderNames.create("Content-Security-Policy"), assets.policy);
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        response.header(HeaderNames.create("X-Frame-Options"), "DENY");
        response.header(HeaderNames.create("Referrer-Policy"), "no-referrer");
        response.header(HeaderNames.create("Cross-Origin-Opener-Policy"), "same-origin");
        response.header(HeaderNames.create("Cross-Origin-Resource-Policy"), "same-origin");
    }

    void serve(String path, ServerRequest request, ServerResponse response) {
        String name = path.substring(1);
        String first = name.replaceFirst("/.*", "");
        if (PAGES.contains(first)) {
            send(request, response, "html", index);
            return;
        }
        String resource = NAME.matcher(name).matches() ? resource(first, name) : null;
        Reply.Document found = resource == null
                ? null
                : known.computeIfAbsent(resource, Assets::load).orElse(null);
        if (found == null) {
            throw Problem.notFound("there is no page " + path);
        }
        send(request, response, name.replaceFirst(".*\\.", ""), found);
    }

    /** The description of the API. */
    static Reply openApi() {
        return load("web/openapi.json").orElseThrow();
    }

    private static @Nullable String resource(String first, String name) {
        if (first.equals("assets")) {
            return "web/" + name.substring("assets/".length());
        }
        if (first.equals("lib")) {
            String[] parts = name.split("/", 3);
            String library = parts.length < 3 ? null : LIBRARIES.get(parts[1]);
            return library == null ? null : library + parts[2];
        }
        return name.equals("favicon.ico") ? "web/loreley.svg" : null;
    }

    private static void send(
            ServerRequest request, ServerResponse response, String extension, Reply.Document document) {
        String type = TYPES.get(extension.equals("favicon") || extension.equals("ico") ? "svg" : extension);
        if (type == null) {
            throw Problem.notFound("there is no such page");
        }
        response.header(HeaderNames.CONTENT_TYPE, type);
        sendTagged(request, response, document);
    }

    /** Sends a document, or only that it has not changed. */
    static void sendTagged(ServerRequest request, ServerResponse response, Reply.Document document) {
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        response.header(HeaderNames.ETAG, document.tag());
        response.header(HeaderNames.VARY, "Accept-Encoding");
        String known = request.headers().first(HeaderNames.IF_NONE_MATCH).orElse("");
        if (known.contains(document.tag())) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        boolean zipped = document.isShorterZipped()
                && request.headers()
                        .first(HeaderNames.ACCEPT_ENCODING)
                        .orElse("")
                        .contains("gzip");
        if (zipped) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
        }
        response.send(zipped ? document.zipped() : document.bytes());
    }

    private static Optional<Reply.Document> load(String resource) {
        try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(Documents.document(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own file %s cannot be read".formatted(resource), e);
        }
    }

    private static String library(String group, String name) {
        Properties properties = new Properties();
        String pom = "META-INF/maven/%s/%s/pom.properties".formatted(group, name);
        try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(pom)) {
            properties.load(java.util.Objects.requireNonNull(in, pom));
        } catch (IOException e) {
            throw new UncheckedIOException("the library %s cannot be read".formatted(name), e);
        }
        return "META-INF/resources/webjars/%s/%s/".formatted(name, properties.getProperty("version"));
    }

    private static String hashOfImportMap(String html) {
        Matcher inline = INLINE.matcher(html);
        if (!inline.find()) {
            throw new IllegalStateException("the page has lost its import map");
        }
        byte[] hash = Digests.sha256().digest(inline.group(1).getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(hash);
    }
}

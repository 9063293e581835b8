package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.loreley.domain.CommitHash;
import io.loreley.domain.Json;
import io.loreley.store.ApiTokens;
import io.loreley.store.CardListing;
import io.loreley.web.Report;
import io.loreley.web.WebServer;
import io.loreley.web.WebSettings;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The API over real runs: what it says, what it refuses, and what it never lets through. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DashboardApiIT {

    private final FilledDashboard filled = FilledDashboard.get();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void every_address_of_the_document_answers_and_every_answer_has_an_address() {
        JsonNode document = get(filled.url("/api/v1/openapi.json"));
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> described.add(operation.getKey().toUpperCase(java.util.Locale.ROOT) + " "
                                + path.getKey() + " "
                                + operation.getValue().path("operationId").asString())));

        assertThat(filled.server.addresses()).isNotEmpty();
        assertThat(described).containsExactlyInAnyOrderElementsOf(filled.server.addresses());
    }

    @Test
    void answers_hold_what_the_document_promises() {
        JsonNode document = get(filled.url("/api/v1/openapi.json"));
        JsonNode jobs = get(filled.api(filled.packing.id(), "/jobs?limit=3"));
        JsonNode commits = get(filled.api(filled.packing.id(), "/commits?limit=3"));

        assertThat(names(jobs.path("items").path(0)))
                .isEqualTo(names(document.at("/components/schemas/Job/properties")));
        assertThat(names(commits.path("items").path(0)))
                .isEqualTo(names(document.at("/components/schemas/Commit/properties")));
        JsonNode status = get(filled.api(filled.packing.id(), "/status"));
        assertThat(names(status.path("objective")))
                .isEqualTo(names(document.at("/components/schemas/Objective/properties")));
        assertThat(document.at("/components/schemas/Objective/properties/direction/enum"))
                .contains(status.at("/objective/direction"));
        assertThat(names(status))
                .isEqualTo(
                        names(
                                document.at(
                                        "/paths/~1api~1v1~1experiments~1{experiment}~1status/get/responses/200/content/application~1json/schema/properties")));
    }

    @Test
    void a_listing_goes_on_where_its_cursor_says_and_shows_each_job_once() {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        long total;
        do {
            JsonNode page = get(filled.api(filled.packing.id(), "/jobs?limit=7" + cursor));
            page.path("items").forEach(job -> ids.add(job.path("id").asString()));
            total = page.path("total").asLong();
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asString();
        } while (!cursor.isEmpty());

        assertThat(ids).hasSize((int) total).doesNotHaveDuplicates();
        assertThat(total).isGreaterThan(20);
    }

    @Test
    void filters_choose_in_the_database_and_totals_agree() {
        JsonNode failed = get(filled.api(filled.hostile.id(), "/jobs?status=FAILED&failure=agent_crash"));
        JsonNode all = get(filled.api(filled.hostile.id(), "/jobs"));

        long counted = StreamSupport.stream(all.path("items").spliterator(), false)
                .filter(job -> job.path("status").asString().equals("FAILED"))
                .count();
        assertThat(failed.path("total").asLong()).isEqualTo(counted).isPositive();
        assertThat(failed.path("items"))
                .allSatisfy(
                        job -> assertThat(job.path("failure_kind").asString()).isEqualTo("AGENT_CRASH"));
    }

    @Test
    void a_job_tells_its_stages_and_what_to_do_about_its_failure() {
        String failed = get(filled.api(filled.hostile.id(), "/jobs?status=FAILED"))
                .at("/items/0/id")
                .asString();

        JsonNode job = get(filled.api(filled.hostile.id(), "/jobs/" + failed));

        assertThat(job.path("stages").path(0).path("stage").asString()).isEqualTo("CODE");
        assertThat(job.path("stages").path(0).path("outcome").asString()).isEqualTo("FAILED");
        assertThat(job.path("advice").asString()).contains("agent");
        assertThat(job.at("/job/error").asString()).contains("exit code 9");
    }

    @Test
    void an_unchanged_answer_is_not_sent_twice() {
        String address = filled.api(filled.packing.id(), "/status");
        HttpResponse<String> first = send(request(address));

        HttpResponse<String> second = send(request(address)
                .header("If-None-Match", first.headers().firstValue("ETag").orElseThrow()));

        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
    }

    @Test
    void what_cannot_be_understood_is_refused_with_a_problem() {
        String root = filled.packing.root().orElseThrow();
        for (String wrong : List.of(
                "/jobs?status=done",
                "/jobs?limit=0",
                "/jobs?limit=many",
                "/jobs?cursor=x",
                "/jobs?cursor=%2B300000-01-01T00:00:00Z_" + UUID.randomUUID(),
                "/jobs?cursor=%2B1000000000-12-31T23:59:59Z_" + UUID.randomUUID(),
                "/jobs?island=%00",
                "/commits?text=%00",
                "/commits/xyz",
                "/compare?commits=abcd",
                "/compare?commits=%s,%s".formatted(root, root.substring(0, 12)),
                "/commits?text=%00")) {
            HttpResponse<String> refused = send(request(filled.api(filled.packing.id(), wrong)));
            assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(json(refused.body()).path("detail").asString()).isNotEmpty();
        }
        String nowhere = UUID.randomUUID().toString();
        assertThat(send(request(filled.url("/api/v1/experiments/" + nowhere + "/status")))
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(request(filled.api(filled.packing.id(), "/jobs/" + nowhere)))
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(request(filled.api(filled.packing.id(), "/commits/ffffffff")))
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(request(filled.url("/api/v2"))).statusCode()).isEqualTo(404);
    }

    @Test
    void what_is_no_request_is_refused_with_a_problem() throws Exception {
        String large = "x".repeat(70_000);
        for (String answer :
                List.of(raw("/api/v1/logs/%00"), raw("/api/v1/logs/%zz"), raw("/api/v1/experiments?text=%f"))) {
            assertThat(answer)
                    .containsPattern("^HTTP/1.1 400")
                    .containsIgnoringCase("Content-Type: application/problem+json")
                    .contains("\"detail\":\"");
        }
        for (HttpRequest.BodyPublisher body : List.of(
                HttpRequest.BodyPublishers.ofString(large),
                HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))) {
            HttpResponse<String> refused = send(request(filled.api(filled.packing.id(), "/hints"))
                    .header("Loreley-Intent", "yes")
                    .POST(body));
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(json(refused.body()).path("detail").asString()).contains("larger than");
        }
        assertThat(raw("/api/v1/experiments", "Host: 127.0.0.1", "Content-Length: 2000000"))
                .containsPattern("^HTTP/1.1 413")
                .contains("larger than");
    }

    @Test
    void the_end_of_a_long_log_is_shown_whatever_is_in_it() throws Exception {
        Path log = Files.createDirectories(filled.machine.logs()).resolve("long.log");
        try (var out = Files.newOutputStream(log)) {
            out.write(("one\n".repeat(2 << 20) + "second last\nlast ").getBytes(StandardCharsets.UTF_8));
            out.write(0xff); // no UTF-8
        }
        try {
            JsonNode lines = get(filled.url("/api/v1/logs/long.log?lines=3")).path("lines");
            assertThat(lines).extracting(JsonNode::asString).containsExactly("one", "second last", "last \ufffd");
        } finally {
            Files.delete(log);
        }
    }

    @Test
    void a_job_of_another_experiment_is_not_shown() {
        String other =
                get(filled.api(filled.hostile.id(), "/jobs")).at("/items/0/id").asString();

        assertThat(send(request(filled.api(filled.packing.id(), "/jobs/" + other)))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void no_path_leads_out_of_the_artifact_store() throws Exception {
        String job = get(filled.api(filled.hostile.id(), "/jobs?status=SUCCEEDED&kind=SEED"))
                .at("/items/0/id")
                .asString();
        Path folder = filled.machine
                .home()
                .resolve("artifacts")
                .resolve(filled.hostile.id().toString())
                .resolve(job);
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/passwd"));

        for (String path : List.of(
                "../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "link", "%00", "attempt-1/../../x")) {
            String answer =
                    raw("/api/v1/experiments/%s/jobs/%s/artifacts/%s".formatted(filled.hostile.id(), job, path));
            assertThat(answer).as(path).doesNotContain("root:").containsPattern("^HTTP/1.1 4\\d\\d");
        }
        assertThat(get(filled.api(filled.hostile.id(), "/jobs/" + job + "/artifacts"))
                        .toString())
                .doesNotContain("\"link\"");
        Files.delete(link);
        String good = send(request(
                        filled.api(filled.hostile.id(), "/jobs/" + job + "/artifacts/attempt-1/code/prompt.txt")))
                .body();
        assertThat(json(good).path("text").asString()).contains(FilledDashboard.SCRIPT);
    }

    @Test
    void a_tail_is_the_end_of_a_file_however_much_was_asked_for() throws Exception {
        String job = get(filled.api(filled.hostile.id(), "/jobs?status=SUCCEEDED&kind=SEED"))
                .at("/items/0/id")
                .asString();
        Path file = filled.machine
                .home()
                .resolve("artifacts")
                .resolve(filled.hostile.id().toString())
                .resolve(job)
                .resolve("tail.log");
        Files.writeString(file, "x".repeat(1 << 20) + "the end");

        JsonNode tail = get(filled.api(filled.hostile.id(), "/jobs/" + job + "/artifacts/tail.log?tail=4194304"));

        assertThat(tail.path("text").asString()).endsWith("the end").hasSize(512 * 1024);
        assertThat(tail.path("to")).isEqualTo(tail.path("bytes"));
        Files.delete(file);
    }

    @Test
    void what_candidates_wrote_is_never_sent_as_a_page() {
        String job = get(filled.api(filled.hostile.id(), "/jobs?status=SUCCEEDED&kind=SEED"))
                .at("/items/0/id")
                .asString();

        HttpResponse<String> download = send(request(
                filled.api(filled.hostile.id(), "/jobs/" + job + "/artifacts/attempt-1/code/stdout.log?raw=yes")));

        assertThat(download.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(download.headers().firstValue("Content-Disposition"))
                .hasValueSatisfying(text -> assertThat(text).startsWith("attachment"));
        assertThat(download.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(download.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("sandbox"));
    }

    @Test
    void a_line_of_five_megabytes_is_cut_and_said_to_be() {
        String commit = evolved();

        JsonNode diff =
                get(filled.api(filled.hostile.id(), "/commits/" + commit + "/diff/file?against=root&path=long.txt"));

        JsonNode line = diff.at("/hunks/0/lines/0");
        assertThat(line.path("text").asString()).hasSizeLessThan(5000);
        assertThat(line.path("more").asInt()).isGreaterThan(4_900_000);
    }

    @Test
    void a_path_with_dots_and_markup_can_be_asked_for_by_its_name() {
        String commit = evolved();
        JsonNode diff = get(filled.api(filled.hostile.id(), "/commits/" + commit + "/diff?against=root"));
        String path = StreamSupport.stream(diff.path("files").spliterator(), false)
                .map(file -> file.path("path").asString())
                .filter(name -> name.startsWith("..dots"))
                .findFirst()
                .orElseThrow();

        String asked = java.net.URLEncoder.encode(path, StandardCharsets.UTF_8);
        JsonNode file =
                get(filled.api(filled.hostile.id(), "/commits/" + commit + "/diff/file?against=root&path=" + asked));

        assertThat(file.at("/hunks/0/lines/0/kind").asString()).isEqualTo("+");
    }

    private String evolved() {
        return get(filled.api(filled.hostile.id(), "/jobs?status=SUCCEEDED&kind=SEED"))
                .at("/items/0/result")
                .asString();
    }

    @Test
    void another_name_for_this_server_is_refused() throws Exception {
        assertThat(new WebSettings("127.0.0.1", 0, false, Set.of("Loreley.Example.org")).hostNames())
                .as("names have no case")
                .containsExactly("loreley.example.org");
        assertThat(raw("/api/v1/health", "Host: evil.example")).startsWith("HTTP/1.1 421");
        assertThat(raw("/", "Host: evil.example:80")).startsWith("HTTP/1.1 421");
        assertThat(raw("/api/v1/health", "Host: localhost:1")).startsWith("HTTP/1.1 200");
    }

    @Test
    void a_hint_to_what_is_no_island_is_none_to_all() {
        String hints = filled.api(filled.packing.id(), "/hints");
        for (String wrong : List.of("3", "[]", "true")) {
            HttpResponse<String> refused = send(request(hints)
                    .header("Loreley-Intent", "yes")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"text\": \"hurry\", \"island\": %s}".formatted(wrong))));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        }
        assertThat(get(filled.api(filled.packing.id(), "/controls")).path("hints"))
                .isEmpty();
    }

    @Test
    void a_change_needs_our_intent_and_never_comes_from_another_site() {
        String job = get(filled.api(filled.packing.id(), "/jobs?status=SUCCEEDED"))
                .at("/items/0/id")
                .asString();
        String address = filled.api(filled.packing.id(), "/jobs/" + job + "/cancel");

        assertThat(send(request(address).POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(request(address)
                                .header("Loreley-Intent", "yes")
                                .header("Sec-Fetch-Site", "cross-site")
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> done =
                send(request(address).header("Loreley-Intent", "yes").POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(409);
    }

    @Test
    void beyond_this_machine_a_token_is_needed_and_opens_what_its_role_says() {
        ApiTokens tokens = new ApiTokens(filled.database, InstantSource.system());
        String reader = UUID.randomUUID().toString().replace("-", "");
        String operator = UUID.randomUUID().toString().replace("-", "");
        tokens.add("reader", ApiTokens.Role.READ, reader);
        tokens.add("operator", ApiTokens.Role.OPERATE, operator);
        String job = get(filled.api(filled.packing.id(), "/jobs?status=SUCCEEDED"))
                .at("/items/0/id")
                .asString();
        try (WebServer open = filled.serve(new WebSettings("0.0.0.0", 0, false, Set.of()))) {
            String base = open.address();
            String cancel = base + "api/v1/experiments/" + filled.packing.id() + "/jobs/" + job + "/cancel";

            assertThat(send(request(base + "api/v1/experiments")).statusCode()).isEqualTo(401);
            assertThat(send(request(base + "api/v1/experiments").header("Authorization", "Bearer nonsense"))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(send(bearer(base + "api/v1/experiments", reader)).statusCode())
                    .isEqualTo(200);
            assertThat(send(bearer(cancel, reader).POST(HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(send(bearer(cancel, operator).POST(HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(409);
            HttpResponse<String> session =
                    send(bearer(base + "api/v1/session", reader).POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(session.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(cookie -> assertThat(cookie)
                            .contains("HttpOnly")
                            .contains("SameSite=Strict")
                            .doesNotContain("Secure"));
            session = send(bearer(base + "api/v1/session", reader)
                    .header("X-Forwarded-Proto", "https")
                    .POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(session.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(cookie -> assertThat(cookie).endsWith("; Secure"));
            assertThat(send(request(base + "api/v1/experiments").header("Cookie", "loreley_token=" + reader))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(tokens.revoke("reader")).isTrue();
            assertThat(send(bearer(base + "api/v1/experiments", reader)).statusCode())
                    .isEqualTo(401);
            assertThat(send(request(base)).statusCode())
                    .as("the page itself, which asks for the token")
                    .isEqualTo(200);
        }
    }

    @Test
    void through_a_proxy_on_this_machine_a_token_is_needed_too() {
        String secret = UUID.randomUUID().toString().replace("-", "");
        new ApiTokens(filled.database, InstantSource.system()).add("behind a proxy", ApiTokens.Role.READ, secret);
        String address = filled.url("/api/v1/experiments");

        for (String header : List.of("Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-Real-IP", "Via")) {
            assertThat(send(request(address).header(header, "1")).statusCode())
                    .as(header)
                    .isEqualTo(401);
        }
        assertThat(send(bearer(address, secret).header("X-Forwarded-For", "192.0.2.1"))
                        .statusCode())
                .isEqualTo(200);
        try (WebServer named = filled.serve(new WebSettings("127.0.0.1", 0, false, Set.of("loreley.example.org")))) {
            assertThat(send(request(named.address() + "api/v1/experiments")).statusCode())
                    .isEqualTo(401);
            assertThat(send(bearer(named.address() + "api/v1/experiments", secret))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_server_that_only_shows_changes_nothing() {
        String job =
                get(filled.api(filled.packing.id(), "/jobs")).at("/items/0/id").asString();
        try (WebServer shows = filled.serve(new WebSettings("127.0.0.1", 0, true, Set.of()))) {
            HttpResponse<String> refused = send(
                    request(shows.address() + "api/v1/experiments/" + filled.packing.id() + "/jobs/" + job + "/cancel")
                            .header("Loreley-Intent", "yes")
                            .POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(refused.statusCode()).isEqualTo(403);
        }
    }

    @Test
    void exports_hold_every_row() {
        long jobs = get(filled.api(filled.packing.id(), "/jobs")).path("total").asLong();

        assertThat(send(request(filled.api(filled.packing.id(), "/export/jobs.csv")))
                        .body()
                        .lines()
                        .count())
                .isEqualTo(jobs + 1);
        String lines = send(request(filled.api(filled.packing.id(), "/export/jobs.jsonl")))
                .body();
        assertThat(lines.lines())
                .hasSize((int) jobs)
                .allSatisfy(line -> assertThat(json(line).path("id").isString()).isTrue());
        assertThat(send(request(filled.api(filled.hostile.id(), "/export/archive.jsonl")))
                        .body())
                .contains("\"measures\":[");
        assertThat(send(request(filled.api(filled.hostile.id(), "/export/secrets.csv")))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_report_stands_alone_and_shows_what_candidates_wrote_as_text() {
        String packing =
                Report.html(filled.database, filled.hub(filled.packing), filled.packing, InstantSource.system());
        String hostile =
                Report.html(filled.database, filled.hub(filled.hostile), filled.hostile, InstantSource.system());
        String markdown =
                Report.markdown(filled.database, filled.hub(filled.hostile), filled.hostile, InstantSource.system());

        assertThat(packing)
                .contains("sum_radii", "<svg", "packing.txt", "Settings", "yellow the best")
                .doesNotContain("src=", "href=");
        assertThat(hostile)
                .contains("&lt;script&gt;", "more characters")
                .doesNotContain("<script", "<img", FilledDashboard.RIGHT_TO_LEFT, FilledDashboard.RED);
        assertThat(markdown).contains("## The best").doesNotContainPattern("(?<!\\\\)<script");
    }

    @Test
    void a_commit_is_exported_as_patches_from_the_root(@TempDir Path folder) {
        String root = filled.packing.root().orElseThrow();
        CommitHash best =
                new CardListing(filled.database).best(filled.packing.id()).orElseThrow();

        List<String> patches = filled.hub(filled.packing).patchSeries(new CommitHash(root), best, folder);

        assertThat(patches)
                .isNotEmpty()
                .allSatisfy(patch -> assertThat(Path.of(patch)).content().contains("packing.txt", "Subject: "));
    }

    @Test
    void the_tree_has_every_commit_at_a_place_of_its_own() {
        JsonNode tree = get(filled.api(filled.packing.id(), "/lineage"));

        Set<String> places = new TreeSet<>();
        for (int i = 0; i < tree.path("x").size(); i++) {
            places.add(tree.path("x").path(i).asInt() + "/"
                    + tree.path("y").path(i).asDouble());
            int parent = tree.path("parent").path(i).asInt();
            assertThat(tree.path("x").path(i).asInt())
                    .isEqualTo(parent < 0 ? 0 : tree.path("x").path(parent).asInt() + 1);
        }
        assertThat(places).hasSameSizeAs(tree.path("commit")).hasSizeGreaterThan(20);
        assertThat(get(filled.api(filled.packing.id(), "/lineage?fold=yes"))
                        .path("commit")
                        .size())
                .isLessThan(tree.path("commit").size())
                .isPositive();
    }

    @Test
    void a_commit_tells_where_it_sits_and_how_much_was_built_on_it() {
        JsonNode document = get(filled.url("/api/v1/openapi.json"));
        String root = filled.packing.root().orElseThrow();

        JsonNode commit = get(filled.api(filled.packing.id(), "/commits/" + root));
        String best = get(filled.api(filled.packing.id(), "/status"))
                .at("/best/commit")
                .asString();
        JsonNode elite = get(filled.api(filled.packing.id(), "/commits/" + best));

        assertThat(names(commit))
                .isEqualTo(
                        names(
                                document.at(
                                        "/paths/~1api~1v1~1experiments~1{experiment}~1commits~1{commit}/get/responses/200/content/application~1json/schema/properties")));
        assertThat(names(commit.path("metrics").path(0)))
                .isEqualTo(names(document.at("/components/schemas/Metric/properties")));
        assertThat(commit.path("children_total").asInt())
                .isGreaterThanOrEqualTo(commit.path("children").size())
                .isPositive();
        assertThat(elite.at("/cells/0/island").asString()).isEqualTo("main");
        assertThat(elite.at("/cells/0/cell")).isEqualTo(elite.path("cell"));
    }

    @Test
    void a_map_holds_every_elite_and_its_squares_open() {
        JsonNode archive = get(filled.api(filled.packing.id(), "/archive"));
        JsonNode map = get(filled.api(filled.packing.id(), "/archive/main/map"));
        JsonNode cells = get(filled.api(filled.packing.id(), "/archive/main/cells?order=best&limit=5000"));
        long occupied = archive.at("/islands/0/occupied").asLong();

        long elites = 0;
        Set<String> opened = new TreeSet<>();
        double best = Double.NEGATIVE_INFINITY;
        long square = 0;
        for (int i = 0; i < map.path("square_steps").size(); i++) {
            square += map.path("square_steps").path(i).asLong();
            elites +=
                    map.path("elites").isNull() ? 1 : map.path("elites").path(i).asLong();
            best = Math.max(best, map.path("value").path(i).asDouble());
            get(filled.api(filled.packing.id(), "/archive/main/map/" + square))
                    .path("items")
                    .forEach(each -> opened.add(each.path("commit").asString().substring(0, 12)));
        }
        assertThat(elites).isEqualTo(occupied).isPositive();
        assertThat(get(filled.api(
                                filled.packing.id(),
                                "/archive/main/map/" + map.path("best").asLong()))
                        .at("/items/0/commit")
                        .asString())
                .startsWith(cells.at("/commit/0").asString());
        assertThat(archive.at("/islands/0/layout/bounds")).hasSameSizeAs(archive.path("axes"));
        Set<String> commits = new TreeSet<>();
        cells.path("commit").forEach(commit -> commits.add(commit.asString()));
        assertThat(opened).isEqualTo(commits).hasSize((int) occupied);
        assertThat(cells.path("total").asLong()).isEqualTo(occupied);
        assertThat(best).isCloseTo(cells.path("objective").path(0).asDouble(), within(0.01));
        assertThat(send(request(filled.api(filled.packing.id(), "/archive/main/map?x=9")))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void the_growth_of_an_archive_ends_where_it_is_now() {
        JsonNode growth = get(filled.api(filled.packing.id(), "/archive/main/growth"));
        JsonNode map = get(filled.api(filled.packing.id(), "/archive/main/map"));

        JsonNode part = get(filled.api(filled.packing.id(), "/archive/main/growth?limit=1"));
        assertThat(part.path("total")).isEqualTo(growth.path("total"));
        assertThat(part.path("square").get(0)).isEqualTo(growth.path("square").get(0));
        JsonNode following = get(filled.api(
                filled.packing.id(),
                "/archive/main/growth?limit=1&cursor=" + part.path("next").asString()));
        assertThat(following.path("square").get(0))
                .isEqualTo(growth.path("square").get(1));
        assertThat(send(request(filled.api(filled.packing.id(), "/archive/main/growth?cursor=2026_7")))
                        .statusCode())
                .isEqualTo(400);
        Set<Long> entered = new TreeSet<>();
        growth.path("square").forEach(square -> entered.add(square.asLong()));
        Set<Long> held = new TreeSet<>();
        long square = 0;
        for (JsonNode step : map.path("square_steps")) {
            square += step.asLong();
            held.add(square);
        }
        assertThat(growth.path("complete").asBoolean())
                .as("the archive was laid out anew when axes were learned")
                .isFalse();
        assertThat(entered).isEqualTo(held);
        double best = StreamSupport.stream(growth.path("value").spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .max()
                .orElseThrow();
        assertThat(best)
                .isCloseTo(
                        StreamSupport.stream(map.path("value").spliterator(), false)
                                .mapToDouble(JsonNode::asDouble)
                                .max()
                                .orElseThrow(),
                        within(0.01));
    }

    @Test
    void cells_go_on_where_the_cursor_says() {
        List<Long> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get(filled.api(filled.packing.id(), "/archive/main/cells?limit=2" + cursor));
            page.path("cell").forEach(cell -> seen.add(cell.asLong()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asString();
        } while (!cursor.isEmpty());

        assertThat(seen)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(get(filled.api(filled.packing.id(), "/archive"))
                        .at("/islands/0/occupied")
                        .asInt());
    }

    @Test
    void failed_jobs_hang_below_what_they_built_on() {
        JsonNode tree = get(filled.api(filled.hostile.id(), "/lineage?failures=yes"));
        long failed = get(filled.api(filled.hostile.id(), "/jobs?status=FAILED&kind=EVOLVE"))
                        .path("total")
                        .asLong()
                + get(filled.api(filled.hostile.id(), "/jobs?status=FAILED&kind=SEED"))
                        .path("total")
                        .asLong();

        assertThat(tree.path("failed").size()).isEqualTo((int) failed).isPositive();
        tree.path("failed").properties().forEach(entry -> {
            int node = Integer.parseInt(entry.getKey());
            assertThat(tree.path("parent").path(node).asInt()).isGreaterThanOrEqualTo(0);
            assertThat(tree.path("subject").path(node).asString()).startsWith("agent crash");
        });
        assertThat(get(filled.api(filled.hostile.id(), "/lineage"))
                        .path("failed")
                        .size())
                .isZero();
    }

    @Test
    void orders_are_given_in_the_name_of_the_token() {
        String secret = UUID.randomUUID().toString().replace("-", "");
        new ApiTokens(filled.database, InstantSource.system()).add("night shift", ApiTokens.Role.OPERATE, secret);

        send(bearer(filled.api(filled.hostile.id(), "/pause"), secret).POST(HttpRequest.BodyPublishers.noBody()));
        send(request(filled.api(filled.hostile.id(), "/resume"))
                .header("Loreley-Intent", "yes")
                .POST(HttpRequest.BodyPublishers.noBody()));

        JsonNode audit = get(filled.api(filled.hostile.id(), "/controls")).path("audit");
        assertThat(audit.path(0).path("actor").asString()).isEqualTo(Orders.actor(System.getenv()));
        assertThat(audit.path(1).path("actor").asString()).isEqualTo("night shift");
    }

    @Test
    void a_client_that_leaves_in_the_middle_of_an_answer_is_no_bug() throws Exception {
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                said.add(event.getMessage());
            }
        };
        Logger log = (Logger) LoggerFactory.getLogger(WebServer.class);
        Level before = log.getLevel();
        // Again and again: a command that another test gives opens a log file, which takes all appenders away.
        Runnable listen = () -> {
            appender.start();
            log.setLevel(Level.DEBUG);
            log.addAppender(appender);
        };
        try {
            String noticed = null;
            for (int i = 0; noticed == null && i < 20; i++) { // each who leaves is noticed once, heard or not
                listen.run();
                leave(filled.api(filled.hostile.id(), "/events"), "event: hello");
                for (String order : List.of("/pause", "/resume")) { // something to tell the one who left
                    send(request(filled.api(filled.hostile.id(), order))
                            .header("Loreley-Intent", "yes")
                            .POST(HttpRequest.BodyPublishers.noBody()));
                }
                noticed = said.poll(1, TimeUnit.SECONDS);
            }
            assertThat(noticed).isEqualTo("web.client.gone");
            said.clear();

            String job = get(filled.api(filled.hostile.id(), "/jobs?status=SUCCEEDED&kind=SEED"))
                    .at("/items/0/id")
                    .asString();
            Path file = filled.machine
                    .home()
                    .resolve("artifacts")
                    .resolve(filled.hostile.id().toString())
                    .resolve(job)
                    .resolve("long.log");
            Files.write(file, new byte[64 << 20]);
            String gone = null;
            for (int i = 0; gone == null && i < 4; i++) {
                listen.run();
                leave(filled.api(filled.hostile.id(), "/jobs/" + job + "/artifacts/long.log?raw=yes"), "HTTP/1.1 200");
                gone = said.poll(5, TimeUnit.SECONDS);
            }
            assertThat(gone).isEqualTo("web.client.gone");
            Files.delete(file);
        } finally {
            log.detachAppender(appender);
            log.setLevel(before);
        }
    }

    /** Asks, reads until it has begun to be answered, and closes the connection at once. */
    private void leave(String address, String begun) throws java.io.IOException {
        try (Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), filled.server.port())) {
            socket.setSoTimeout(20_000);
            socket.setSoLinger(true, 0);
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                            .formatted(URI.create(address).getRawPath() + "?"
                                    + URI.create(address).getRawQuery())
                            .getBytes(StandardCharsets.UTF_8));
            StringBuilder read = new StringBuilder();
            while (read.indexOf(begun) < 0) {
                read.append((char) socket.getInputStream().read());
            }
        }
    }

    @Test
    void a_stream_says_hello_and_two_hundred_may_listen() throws Exception {
        List<HttpResponse<java.io.InputStream>> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                streams.add(http.send(
                        request(filled.api(filled.packing.id(), "/events"))
                                .header("Accept", "text/event-stream")
                                .build(),
                        BodyHandlers.ofInputStream()));
            }
            for (HttpResponse<java.io.InputStream> stream : streams) {
                var reader = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
                assertThat(reader.readLine()).isEqualTo("retry: 2000");
                assertThat(reader.readLine()).isEqualTo("event: hello");
            }
            assertThat(get(filled.url("/api/v1/system")).path("streams").asInt())
                    .isGreaterThanOrEqualTo(200);
        } finally {
            for (HttpResponse<java.io.InputStream> stream : streams) {
                stream.body().close();
            }
        }
    }

    private JsonNode get(String address) {
        HttpResponse<String> answer = send(request(address));
        assertThat(answer.statusCode()).as(address + ": " + answer.body()).isEqualTo(200);
        return json(answer.body());
    }

    private static JsonNode json(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.properties().forEach(entry -> names.add(entry.getKey()));
        assertThat(names).isNotEmpty();
        return names;
    }

    private static HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address));
    }

    private static HttpRequest.Builder bearer(String address, String token) {
        return request(address).header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Past a client that would tidy the path or the name. */
    private String raw(String path, String... headers) throws java.io.IOException {
        try (Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), filled.server.port())) {
            socket.setSoTimeout(20_000);
            String host = headers.length == 0 ? "Host: 127.0.0.1" : String.join("\r\n", headers);
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\n%s\r\n\r\n".formatted(path, host).getBytes(StandardCharsets.UTF_8));
            var reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            int length = 0;
            for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                answer.append(line).append('\n');
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            line.substring("content-length:".length()).strip());
                }
            }
            for (int i = 0; i < length; i++) {
                answer.append((char) reader.read());
            }
            return answer.toString();
        }
    }
}

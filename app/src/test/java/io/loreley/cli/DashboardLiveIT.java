package io.loreley.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import io.loreley.domain.ExperimentId;
import io.loreley.store.Catalogue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How pages follow what changes, also where the stream breaks, the server is away for a while, or nobody looks. */
class DashboardLiveIT extends BrowserTest {

    private static final Route.FulfillOptions AWAY = new Route.FulfillOptions()
            .setStatus(503)
            .setContentType("application/problem+json")
            .setBody("{\"title\": \"Away\", \"detail\": \"the database is away\"}");

    @AfterEach
    void orders_are_taken_back() {
        order(filled.packing, "resume");
        complaints.removeIf(text -> text.contains("503") || text.contains("MIME type"));
    }

    private void order(Catalogue.Entry experiment, String order) {
        var request = HttpRequest.newBuilder(URI.create(filled.api(experiment.id(), "/" + order)))
                .header("Loreley-Intent", "yes")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isLessThan(300);
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_refused_stream_is_asked_for_again_and_what_it_missed_is_shown() {
        page.route("**/events", route -> route.fulfill(AWAY));
        open(filled.packing, "overview");
        assertThat(page.locator("#pause")).hasText("Pause");
        order(filled.packing, "pause");
        assertThat(page.locator(".foot .badge")).hasText("waiting");
        page.unroute("**/events");
        assertThat(page.locator(".foot .badge")).hasText("live");
        assertThat(page.locator(".badge.warn")).containsText("paused");
    }

    @Test
    void an_error_goes_when_the_server_answers_again() {
        page.route("**/progress", route -> route.fulfill(AWAY));
        open(filled.packing, "overview");
        assertThat(page.locator("[role=alert]")).containsText("the database is away");
        page.unroute("**/progress");
        assertThat(page.locator(".tiles")).isVisible();
        assertThat(page.locator("[role=alert]")).hasCount(0);

        page.route("**/progress", route -> route.fulfill(AWAY));
        order(filled.packing, "pause");
        assertThat(page.locator("[role=alert]")).containsText("the database is away");
        page.unroute("**/progress");
        assertThat(page.locator("[role=alert]")).hasCount(0);
        assertThat(page.locator(".badge.warn")).containsText("paused");
    }

    @Test
    void a_hidden_tab_leaves_its_connection_to_others() {
        page.addInitScript("""
                window.streams = [];
                window.EventSource = class extends EventSource { constructor(address) { super(address); streams.push(this); } };""");
        open(filled.packing, "overview");
        assertThat(page.locator(".foot .badge")).hasText("live");

        hide(true);
        assertThat(page.evaluate("() => streams.every((stream) => stream.readyState === EventSource.CLOSED)"))
                .isEqualTo(true);
        order(filled.packing, "pause");
        hide(false);

        assertThat(page.locator(".badge.warn")).containsText("paused");
        assertThat(page.evaluate("() => streams.filter((stream) => stream.readyState !== EventSource.CLOSED).length"))
                .isEqualTo(1);
    }

    private void hide(boolean hidden) {
        page.evaluate("""
                (hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
                    document.dispatchEvent(new Event('visibilitychange')); }""", hidden);
    }

    @Test
    void metrics_that_were_not_known_when_the_page_opened_are_known_later() {
        ExperimentId id = filled.packing.id();
        page.route(
                Pattern.compile(".*/api/v1/experiments/" + id),
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(route.fetch().text().replaceFirst("\"metrics\":\\[[^]]*]", "\"metrics\":[]"))));
        page.route("**/events", route -> route.fulfill(AWAY));
        open(filled.packing, "archive");
        assertThat(page.locator("main")).containsText("one metric only");
        page.unrouteAll();
        assertThat(page.locator("main")).containsText("choose a metric");
    }

    @Test
    void whoever_chooses_an_island_sees_its_elites_everywhere() {
        open(filled.showcase, "archive");
        assertThat(page.locator(".elite")).containsText("of island-2");
        page.waitForRequest(
                request -> request.url().contains("/archive/island-3/cells"),
                () -> page.selectOption("label:has-text('island') select", "island-3"));
        assertThat(page.locator(".elite")).containsText("of island-3");
    }

    @Test
    void the_chart_is_not_made_anew_when_values_change() {
        open(filled.packing, "overview");
        assertThat(page.locator(".uplot")).isVisible();
        page.evaluate("() => { document.querySelector('.uplot').kept = true; }");
        order(filled.packing, "pause");
        assertThat(page.locator(".badge.warn")).containsText("paused");
        assertThat(page.evaluate("() => document.querySelector('.uplot').kept")).isEqualTo(true);
    }

    @Test
    void a_row_that_was_scrolled_to_changes_when_its_job_does() throws SQLException {
        open(filled.showcase, "jobs");
        page.waitForSelector(".vt-row");
        Locator oldest = page.locator(".vt-row:has-text('root')");
        page.waitForFunction("""
                () => {
                    const table = document.querySelector('.vt');
                    table.scrollTo(0, table.scrollHeight); // which has more of it loaded
                    return [...table.querySelectorAll('.vt-row')].some((row) => row.textContent.includes('root'));
                }""");
        assertThat(oldest).containsText("cell 21");
        try (var connection = filled.database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE evolution_jobs SET ingestion_status = 'skipped' WHERE kind = 'ROOT' AND experiment_id = '%s'"
                            .formatted(Showcase.EXPERIMENT));
        }
        order(filled.showcase, "pause");
        assertThat(oldest).containsText("not placed");
        order(filled.showcase, "resume");
    }

    @Test
    void of_very_many_rows_that_were_scrolled_to_the_newest_are_asked_for_again() {
        open(filled.packing, "overview");
        assertThat(page.evaluate("""
                async () => {
                  const { Page } = await import('/assets/pages/jobs.js');
                  const [fetch, asked] = [window.fetch, []];
                  window.fetch = async (address, ...more) => {
                    if (!address.startsWith('/api/v1/jobs?')) return fetch(address, ...more);
                    const query = new URLSearchParams(address.split('?')[1]);
                    const [from, limit] = [Number(query.get('cursor') ?? -3), Number(query.get('limit'))]; // three new ones
                    asked.push(from);
                    return Response.json({ items: Array.from({ length: limit }, (_, i) => ({ id: from + i })), total: 30000, next: String(from + limit) });
                  };
                  const page = new Page({ api: (path) => path }, null, new URLSearchParams());
                  Object.assign(page, { rows: Array.from({ length: 20000 }, (_, id) => ({ id })), next: '20000' });
                  await page.changed();
                  window.fetch = fetch;
                  return [asked.length, page.rows.length, page.rows.every(({ id }, i) => id === i - 3), page.next];
                }""")).asInstanceOf(LIST).containsExactly(4, 20003, true, "20000");
    }

    /** Answers to a question whose address holds a text come so much later than others. */
    private void delay(String text, int milliseconds) {
        page.addInitScript("""
                const inTime = window.fetch;
                window.fetch = async (address, ...more) => {
                  const answer = await inTime(address, ...more);
                  if (address.includes('%s')) await new Promise((then) => setTimeout(then, %d));
                  return answer;
                };""".formatted(text, milliseconds));
    }

    @Test
    void a_late_answer_does_not_undo_a_later_choice() {
        delay("text=root", 2000);
        open(filled.showcase, "commits");
        Locator rows = page.locator("tbody tr");
        assertThat(rows).hasCount(100);
        Locator search = page.locator("input[type=search]");
        page.waitForResponse(answer -> answer.url().contains("text=root"), () -> search.fill("root"));
        page.waitForResponse(answer -> answer.url().contains("/commits?limit=100"), () -> search.fill(""));
        page.waitForTimeout(3000); // the late one has come by then
        assertThat(rows).hasCount(100);
    }

    @Test
    void more_commits_that_are_asked_for_twice_are_listed_once() {
        delay("cursor=", 500);
        open(filled.showcase, "commits");
        page.locator("button:has-text('More')").dblclick();
        page.waitForFunction("() => document.querySelectorAll('tbody tr').length > 100");
        page.waitForTimeout(1500); // a second answer has come by then
        List<String> commits = page.locator("tbody a.hash").allTextContents();
        assertThat(commits).doesNotHaveDuplicates();
    }

    @Test
    void an_error_goes_when_what_was_mistyped_is_corrected() {
        List<String> asked = new ArrayList<>();
        page.onRequest(request -> asked.add(request.url()));
        open(filled.showcase, "jobs");
        Locator commit = page.locator("label:has-text('commit') input");
        commit.fill("zz");
        commit.press("Enter");
        assertThat(page.locator("[role=alert]")).containsText("is no commit");
        page.waitForTimeout(6500); // what is wrong is not asked for again and again
        assertThat(asked.stream().filter(address -> address.contains("commit=zz")))
                .hasSizeLessThanOrEqualTo(3);
        commit.fill("");
        commit.press("Enter");
        assertThat(page.locator("[role=alert]")).hasCount(0);
        complaints.removeIf(text -> text.contains("400"));
    }

    @Test
    void a_clock_that_is_behind_the_servers_shows_no_time_below_zero() {
        open(filled.packing, "overview");
        assertThat(page.evaluate("""
                async () => {
                  const { between, duration, now, setClock } = await import('/assets/format.js');
                  const server = Date.now() + 30000;
                  const before = duration(between(new Date(server).toISOString(), now()));
                  setClock(new Date(server).toISOString());
                  return [before, Math.abs(now() - server) < 5000];
                }""")).asInstanceOf(LIST).containsExactly("0 ms", true);
    }

    @Test
    void a_file_that_is_opened_when_its_page_was_left_is_not_followed() {
        open(filled.packing, "overview");
        assertThat(page.locator(".tiles")).isVisible(); // its own timers are set by then
        assertThat(page.evaluate("""
                async () => {
                  const { Files } = await import('/assets/files.js');
                  const [set, timers] = [window.setInterval, []];
                  window.setInterval = (...how) => { const timer = set(...how); timers.push(timer); return timer; };
                  const [clear, cleared] = [window.clearInterval, new Set()];
                  window.clearInterval = (timer) => { cleared.add(timer); clear(timer); };
                  const files = new Files({ api: (path) => path, fail() {}, refresh() {} }, 'job');
                  const shown = files.show('a'); // which waits for an answer
                  files.close();
                  await shown;
                  await files.show('b');
                  [window.setInterval, window.clearInterval] = [set, clear];
                  return timers.filter((timer) => !cleared.has(timer)).length;
                }""")).isEqualTo(0);
        complaints.removeIf(text -> text.contains("404"));
    }

    @Test
    void a_job_that_succeeded_opens_with_its_report() {
        open(filled.showcase, "jobs?status=SUCCEEDED");
        page.locator(".vt-row").first().click();
        assertThat(page.locator(".files [aria-pressed=true]")).hasText("attempt-1/code/report.json");
    }

    @Test
    void of_several_attempts_the_newest_that_has_a_file_speaks() {
        open(filled.packing, "overview");
        assertThat(page.evaluate("""
                async () => {
                  const { Files } = await import('/assets/files.js');
                  const files = new Files({ api: (path) => path }, 'job');
                  files.items = ['attempt-1/code/report.json', 'attempt-9/code/report.json', 'attempt-10/code/report.json', 'attempt-11/evaluation_logs.txt'].map((path) => ({ path }));
                  files.text = async (path) => (path.endsWith('.json') ? JSON.stringify({ summary: path }) : path);
                  const { plan, code, log } = await files.reports();
                  return [plan, code, log];
                }"""))
                .asInstanceOf(LIST)
                .containsExactly(null, "attempt-10/code/report.json", "attempt-11/evaluation_logs.txt");
    }

    @Test
    void what_cannot_be_seen_is_named() {
        open(filled.packing, "overview");
        Object shown = page.evaluate(
                "async () => (await import('/assets/format.js')).visible('a\\u061cb\\u00adc\\u{e0041}d\\u202ee\\ud800f\\tg\\nh')");
        assertThat(shown).isEqualTo("a⟨061C⟩b⟨00AD⟩c⟨E0041⟩d⟨202E⟩e⟨D800⟩f\tg\nh");
    }

    @Test
    void a_finger_scrolls_over_every_drawing_but_the_tree() {
        open(filled.packing, "archive");
        page.waitForSelector("#parallel");
        assertThat(
                        page.evaluate(
                                "() => [...document.querySelectorAll('canvas')].map((each) => getComputedStyle(each).touchAction)"))
                .asInstanceOf(LIST)
                .containsOnly("auto");
        open(filled.packing, "lineage");
        assertThat(page.locator("#tree")).hasCSS("touch-action", "none");
    }

    @Test
    void the_worst_of_a_few_does_not_take_all_colours() {
        open(filled.packing, "overview");
        Object share = page.evaluate("async () => (await import('/assets/colour.js')).scale([1, 9, 9.5, 10]).at(9.5)");
        assertThat(((Number) share).doubleValue()).isEqualTo(0.5);
    }
}

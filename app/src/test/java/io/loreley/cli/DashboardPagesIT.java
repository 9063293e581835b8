package io.loreley.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import io.loreley.store.CardListing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pages in a real Chromium, over real runs. Pictures go to
 * {@code target/pictures}, and with {@code -Dloreley.pictures=../docs/pictures} where the documentation has them.
 */
class DashboardPagesIT extends BrowserTest {

    private static final List<String> PAGES =
            List.of("overview", "archive", "lineage", "commits", "compare", "jobs", "agents", "system");

    private static final Path PICTURES = Path.of(System.getProperty("loreley.pictures", "target/pictures"));

    @Test
    void a_person_goes_from_the_map_to_the_diff() {
        open(filled.packing, "overview");
        assertThat(page.locator(".tile .value").first()).containsText("2.");
        page.click("nav >> text=Archive");
        Locator map = page.locator("canvas[data-island]").first();
        map.focus();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("text=Open the commit")).isVisible();
        Locator root = page.locator(".elite:has-text('Import a folder')");
        for (String way : List.of("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown")) {
            page.waitForTimeout(300); // the card of a chosen cell is asked for when it is chosen
            if (root.count() > 0) {
                page.keyboard().press(way);
            }
        }
        page.click("text=Open the commit");
        assertThat(page.locator("#diff")).containsText("packing.txt");
        assertThat(page.locator("#diff tr").nth(3)).isVisible();
        page.click("text=unified");
        assertThat(page.locator("#diff td.s").first()).isVisible();
        page.selectOption("#diff select", "root");
        assertThat(page.locator("#diff")).containsText("The start: a grid");
    }

    @Test
    void filters_of_the_jobs_live_in_the_address() {
        open(filled.hostile, "jobs");
        page.click("button.chip:has-text('failed')");
        assertThat(page).hasURL(java.util.regex.Pattern.compile(".*status=FAILED.*"));
        page.waitForFunction(
                "() => [...document.querySelectorAll('.vt-row .badge')].every((badge) => badge.textContent.trim() === 'failed')");
        int failed = page.locator(".vt-row").count();
        page.reload();
        page.waitForSelector(".vt-row");
        assertThat(page.locator(".vt-row")).hasCount(failed);
        assertThat(page.locator("button.chip[aria-pressed=true]")).hasText("failed");
    }

    @Test
    void an_error_is_read_with_what_to_do() {
        open(filled.hostile, "jobs?status=FAILED");
        page.locator(".vt-row").first().click();
        assertThat(page.locator(".note-box.bad")).containsText("agent crash");
        assertThat(page.locator(".note-box.bad")).containsText("Read its output below");
        assertThat(page.locator(".note-box.bad")).containsText("exit code 9");
        assertThat(page.locator(".span.failed").first()).isVisible();
        page.click("text=attempt-1/code/stderr.log");
        assertThat(page.locator("#file-text")).containsText("no <i>luck</i>");
    }

    @Test
    void the_growth_of_the_archive_is_replayed() {
        open(filled.packing, "archive");
        Locator slider = page.locator("#replay");
        slider.fill("3");
        assertThat(page.locator(".replay")).containsText("3 /");
        assertThat(page.locator("figcaption")).containsText("hold an elite");
        assertThat(page.locator("main")).containsText("entered with 2.");
        page.click("[aria-label='Replay the growth']");
        assertThat(page.locator("figcaption")).containsText("best 2.");
    }

    @Test
    void axes_that_change_places_say_so_also_after_a_choice() {
        open(filled.packing, "archive");
        Locator across = page.locator("label:has-text('across') select");
        Locator up = page.locator("label:has-text('up learned') select");
        up.selectOption("0");
        assertThat(across).hasValue("1");
        across.selectOption("0");
        assertThat(up).hasValue("1");
        assertThat(across).hasValue("0");
    }

    @Test
    void a_growth_that_comes_in_many_parts_is_replayed_as_one() {
        open(filled.packing, "archive");
        Locator steps = page.locator(".replay .mono");
        page.locator("#replay").fill("1");
        assertThat(steps).containsText("1 /");
        String inOne = steps.textContent();
        List<String> asked = new ArrayList<>();
        page.route("**/growth*", route -> {
            String address = route.request().url();
            asked.add(address);
            route.resume(new Route.ResumeOptions().setUrl(address + (address.contains("?") ? "&" : "?") + "limit=2"));
        });
        page.reload();
        page.locator("#replay").fill("1");
        assertThat(steps).hasText(inOne.strip());
        page.locator("#replay").fill("3");
        assertThat(page.locator("main")).containsText("entered with 2.");
        assertThat(asked.stream().filter(address -> address.contains("cursor=")))
                .hasSizeGreaterThan(1);
    }

    @Test
    void the_root_and_the_best_are_compared() {
        open(filled.packing, "compare");
        page.click("text=Compare the root with the best");
        assertThat(page.locator("table").first()).containsText("sum_radii");
        assertThat(page.locator("text=common ancestor")).isVisible();
        assertThat(page.locator("#diff")).containsText("packing.txt");
    }

    @Test
    void the_tree_is_searched_and_opened() {
        open(filled.packing, "lineage");
        assertThat(page.locator("#tree")).isVisible();
        page.fill("#find", "Import");
        assertThat(page.locator("text=1 found")).isVisible();
        page.fill("#find", "Pack 26");
        page.keyboard().press("Enter");
        String first = page.locator("#tree + .tip").textContent();
        page.keyboard().press("Enter");
        assertThat(page.locator("#tree + .tip")).not().hasText(first);
        page.keyboard().press("Shift+Enter");
        assertThat(page.locator("#tree + .tip")).hasText(first);
        page.check("text=fold what led nowhere");
        assertThat(page).hasURL(java.util.regex.Pattern.compile(".*fold=yes.*"));
    }

    @Test
    void keys_go_through_the_tree_and_open_a_commit() {
        open(filled.showcase, "lineage");
        assertThat(page.locator(".head .soft")).containsText("commits");
        page.locator("#tree").focus();
        page.keyboard().press("ArrowDown");
        Locator tip = page.locator("#tree + .tip");
        assertThat(tip).isVisible();
        String best = tip.textContent();
        page.keyboard().press("ArrowLeft");
        assertThat(tip).not().hasText(best);
        String parent = tip.textContent();
        page.keyboard().press("ArrowRight");
        assertThat(tip).not().hasText(parent);
        page.keyboard().press("Shift+ArrowRight");
        page.keyboard().press("ArrowLeft");
        assertThat(tip).hasText(parent);
        page.keyboard().press("Enter");
        assertThat(page).hasURL(java.util.regex.Pattern.compile(".*/commits/[0-9a-f]+"));
        assertThat(page.locator("#diff")).isVisible();
    }

    @Test
    void a_commit_is_pinned_and_the_trail_says_so() {
        open(filled.packing, "commits");
        page.locator("td a.hash").first().click();
        page.click("button.chip:has-text('pin')");
        assertThat(page.locator(".badge.good:has-text('pinned')")).isVisible();
        page.click("nav >> text=System");
        assertThat(page.locator("text=Audit trail")).isVisible();
        assertThat(page.locator("main")).containsText(Orders.actor(System.getenv()));
    }

    @Test
    void a_live_run_is_followed_and_paused() throws Exception {
        Path wait = Files.createFile(filled.hostileProject.resolve("wait"));
        int before = jobs();
        Thread run = Thread.ofVirtual().start(() -> {
            var _ = FilledDashboard.run(filled.machine, filled.hostileProject, before + 4);
        });
        try {
            open(filled.hostile, "overview");
            assertThat(page.locator(".panel:has(h2:text('At work now'))")).containsText("coding");
            page.click("#pause");
            assertThat(page.locator(".badge.warn")).containsText("paused");
            page.click("#pause");
            assertThat(page.locator("#pause")).hasText("Pause");
            page.locator(".panel:has(h2:text('At work now')) a.hash").first().click();
            assertThat(page.locator(".badge.run").first()).containsText("running");
            assertThat(page.locator("#file-text")).containsText("waiting for a sign");
            assertThat(page.locator(".badge.live:has-text('following')")).isVisible();
            page.click("text=attempt-1/code/stdout.log");
            Files.delete(wait);
            assertThat(page.locator(".badge.live:has-text('following')")).hasCount(0);
            assertThat(page.locator("#file-text")).containsText("backwards"); // its last line, before it ended
            page.click("nav >> text=Overview");
            assertThat(page.locator(".panel:has(h2:text('At work now'))")).containsText("Nothing runs");
        } finally {
            Files.deleteIfExists(wait);
            run.join();
        }
    }

    private int jobs() {
        return (int) new io.loreley.store.JobListing(filled.database)
                .page(io.loreley.store.JobListing.Filter.all(filled.hostile.id()), "value", null, 1)
                .total();
    }

    @Test
    void what_candidates_wrote_is_text_on_every_page() {
        for (String path :
                List.of("overview", "archive", "lineage", "commits", "compare", "jobs", "agents", "system")) {
            open(filled.hostile, path);
            page.waitForSelector("h1");
            page.waitForTimeout(250);
            unharmed(path);
        }
        open(filled.hostile, "jobs?status=SUCCEEDED&kind=SEED");
        page.locator(".vt-row").first().click();
        page.click("text=attempt-1/code/stdout.log");
        assertThat(page.locator("#file-text")).containsText("red ⟨202E⟩ backwards <b>bold</b>");
        unharmed("job");
        page.locator("section:has(h2:text('Result')) a.hash").click();
        assertThat(page.locator("#diff")).containsText("..dots/<b>x");
        assertThat(page.locator("#diff")).containsText("more characters");
        assertThat(page.locator("main")).containsText("<script>document.title='taken'</script>");
        assertThat(page.locator("main")).containsText("⟨202E⟩");
        assertThat(page.locator("main")).not().containsText(FilledDashboard.RIGHT_TO_LEFT);
        unharmed("commit");
    }

    private void unharmed(String where) {
        assertThat(page.title()).as(where).doesNotContain("taken");
        assertThat(page.locator("main script, main b, main i:not([class]), img[onerror]")
                        .count())
                .as("markup of a candidate on " + where)
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void pages_are_accessible_and_fit_a_phone(String scheme) throws IOException {
        ColorScheme colours = ColorScheme.valueOf(scheme.toUpperCase(java.util.Locale.ROOT));
        String axe = axe();
        for (int width : List.of(1440, 390)) {
            use(width, width == 390 ? 844 : 900, colours);
            // What fits a phone does so in any colours.
            List<String> paths = width == 390 && scheme.equals("dark") ? List.of("overview") : PAGES;
            for (String path : paths) {
                open(filled.showcase, path.equals("compare") ? "compare?commits=" + rootAndBest() : path);
                page.waitForSelector(
                        switch (path) {
                            case "lineage" -> "#tree";
                            case "archive" -> ".elite .value";
                            case "compare" -> "#diff tr";
                            default -> ".panel, .tiles";
                        });
                page.waitForTimeout(400);
                assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))
                        .as("%s at %d px is wider than the screen by", path, width)
                        .isLessThanOrEqualTo(0);
                if (width == 1440) {
                    accessible(axe, path, colours);
                }
                picture(path, width, scheme);
            }
            if (paths.equals(PAGES)) {
                commitAndJob(width, scheme, axe, colours);
            }
        }
    }

    private String rootAndBest() {
        return filled.showcase.root().orElseThrow() + ","
                + new CardListing(filled.database).best(Showcase.EXPERIMENT).orElseThrow();
    }

    private void commitAndJob(int width, String scheme, String axe, ColorScheme colours) throws IOException {
        open(filled.showcase, "overview");
        page.locator(".tile a").first().click();
        page.waitForSelector("#diff tr");
        picture("commit", width, scheme);
        if (width == 1440) {
            accessible(axe, "commit", colours);
            page.locator("a:text('the job')").first().click();
            page.waitForSelector(".gantt");
            page.waitForTimeout(300);
            accessible(axe, "job", colours);
            picture("job", width, scheme);
        }
    }

    /** All rules in the light; in the dark, where only colours differ, the one about them. */
    private void accessible(String axe, String where, ColorScheme colours) {
        page.evaluate(axe);
        String rules = colours == ColorScheme.DARK ? ", runOnly: ['color-contrast']" : "";
        Object found = page.evaluate("""
                async () => (await axe.run(document, {resultTypes: ['violations']%s})).violations
                    .filter((each) => ['serious', 'critical'].includes(each.impact))
                    .map((each) => each.id + ': ' + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' | ' + node.failureSummary).join(' ; '))""".formatted(rules));
        assertThat((List<?>) found).as("accessibility of " + where).isEmpty();
    }

    private static String axe() throws IOException {
        try (var in = java.util.Objects.requireNonNull(DashboardPagesIT.class
                .getClassLoader()
                .getResourceAsStream("META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void picture(String name, int width, String scheme) throws IOException {
        Files.createDirectories(PICTURES);
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve("%s-%s-%s.png".formatted(name, width == 390 ? "phone" : "desk", scheme))));
    }

    @Test
    void a_server_beyond_this_machine_asks_for_the_token_first() {
        var tokens = new io.loreley.store.ApiTokens(filled.database, java.time.InstantSource.system());
        tokens.add("browser", io.loreley.store.ApiTokens.Role.READ, "0123456789abcdefghijklmnop");
        try (var open = filled.serve(new io.loreley.web.WebSettings("0.0.0.0", 0, false, java.util.Set.of()))) {
            page.navigate(open.address());
            assertThat(page.locator(".gate [role=alert]")).hasCount(0); // nobody has given a wrong one yet
            page.fill("#token", "9876543210abcdefghijklmnop");
            page.click("button:text('Open')");
            assertThat(page.locator(".gate [role=alert]")).containsText("unknown or was revoked");
            page.fill("#token", "0123456789abcdefghijklmnop");
            page.click("button:text('Open')");
            assertThat(page.locator("nav >> text=Overview")).isVisible();
            page.waitForSelector("h1");
            assertThat(page.locator("#pause")).hasCount(0);
            page.click("button:text('Sign out')");
            assertThat(page.locator("#token")).isVisible();
            page.reload();
            assertThat(page.locator("#token")).isVisible();
            page.navigate("about:blank"); // before its server goes, which it would ask for what changed
        }
        complaints.removeIf(text -> text.contains("401"));
    }
}

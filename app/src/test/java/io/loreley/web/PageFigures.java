package io.loreley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.util.List;

/** How long pages take until they are of use, and how smoothly the tree moves, in a real browser that draws in software. */
final class PageFigures {

    private static final int MOVES = 240;

    private PageFigures() {}

    static void measure(String experiment) {
        Chromium.launch().ifPresent(chromium -> {
            try (chromium) {
                Page page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(1440, 900));
                for (String round : List.of("first", "again")) {
                    open(page, experiment + "/archive", ".elite .value", "archive_page_usable_" + round);
                    open(page, experiment + "/overview", ".uplot", "overview_page_usable_" + round);
                    open(page, experiment + "/lineage", "#tree", "lineage_page_usable_" + round);
                }
                pan(page);
            }
        });
    }

    private static void open(Page page, String address, String usable, String name) {
        page.navigate("about:blank");
        long begun = System.nanoTime();
        page.navigate(address);
        page.waitForSelector(usable);
        System.out.printf("web.%s %.0f ms%n", name, (System.nanoTime() - begun) / 1e6);
    }

    /** Drags the whole tree to and fro, and reads when the browser drew. */
    private static void pan(Page page) {
        page.waitForTimeout(1000);
        page.evaluate(
                "() => { window.drawn = []; const tick = (at) => { drawn.push(at); requestAnimationFrame(tick); }; requestAnimationFrame(tick); }");
        page.mouse().move(700, 450);
        page.mouse().down();
        for (int i = 0; i < MOVES; i++) {
            page.mouse().move(700 + 120 * Math.sin(i / 12.0), 450 + 60 * Math.cos(i / 9.0));
        }
        page.mouse().up();
        System.out.printf(
                "web.lineage_nodes %s%n",
                page.locator(".head .soft").first().textContent().strip());
        System.out.printf(
                "web.lineage_frames_per_second %.1f%n",
                number(page.evaluate("() => 1000 * (drawn.length - 1) / (drawn.at(-1) - drawn[0])")));
        System.out.printf(
                "web.lineage_frame_p95 %.1f ms%n",
                number(
                        page.evaluate(
                                "() => { const took = drawn.slice(1).map((at, i) => at - drawn[i]).sort((a, b) => a - b); return took[Math.floor(took.length * 0.95)]; }")));
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }
}

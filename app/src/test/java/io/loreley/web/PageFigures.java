package io.loreley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long pages take until they are of use, and how smoothly the tree moves, in a real browser that draws in software. */
final class PageFigures {

    private static final int MOVES = 240;
    /** Of each page after the first, of which the median counts. */
    private static final int VISITS = 5;

    private PageFigures() {}

    static void measure(String experiment) {
        Chromium.launch().ifPresent(chromium -> {
            try (chromium) {
                Page page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(1440, 900));
                Map<String, String> pages = new LinkedHashMap<>();
                pages.put("archive", ".elite .value");
                pages.put("overview", ".uplot");
                pages.put("lineage", "#tree");
                Map<String, List<Double>> again = new LinkedHashMap<>();
                for (int visit = 0; visit <= VISITS; visit++) {
                    boolean isFirst = visit == 0;
                    pages.forEach((name, usable) -> {
                        double millis = open(page, experiment + "/" + name, usable);
                        if (isFirst) {
                            System.out.printf("web.%s_page_usable_first %.0f ms%n", name, millis);
                        } else {
                            again.computeIfAbsent(name, each -> new ArrayList<>())
                                    .add(millis);
                        }
                    });
                }
                again.forEach((name, millis) ->
                        System.out.printf("web.%s_page_usable_again %.0f ms%n", name, median(millis)));
                pan(page);
            }
        });
    }

    private static double open(Page page, String address, String usable) {
        page.navigate("about:blank");
        long begun = System.nanoTime();
        page.navigate(address);
        page.waitForSelector(usable);
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
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

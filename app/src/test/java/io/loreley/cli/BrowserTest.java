package io.loreley.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.loreley.store.Catalogue;
import io.loreley.web.Chromium;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * Pages in a real Chromium, over the filled dashboard. Each test fails if the browser's console says anything. Classes share the
 * browser's driver, which is for one thread at a time: none of them is run beside another.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class BrowserTest {

    private static @Nullable Chromium chromium;

    final FilledDashboard filled = FilledDashboard.get();
    final List<String> complaints = new ArrayList<>();
    private BrowserContext context;
    Page page;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch().orElse(null);
        setDefaultAssertionTimeout(60_000); // runs begin beside other tests
        assumeTrue(chromium != null, "THE DASHBOARD'S PAGES WERE NOT TESTED: " + Chromium.MISSING);
    }

    @AfterAll
    static void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void look() {
        use(1440, 900, ColorScheme.LIGHT);
    }

    @AfterEach
    void no_complaints() {
        context.close();
        assertThat(complaints).as("what the browser's console said").isEmpty();
    }

    final void use(int width, int height, ColorScheme scheme) {
        if (context != null) {
            context.close();
        }
        context = Objects.requireNonNull(chromium)
                .browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme));
        page = context.newPage();
        page.onConsoleMessage(message -> {
            // The accessibility check reads canvases, and Chromium has advice for it.
            boolean ofTheCheck = message.text().contains("willReadFrequently");
            if (List.of("error", "warning").contains(message.type()) && !ofTheCheck) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
    }

    final void open(Catalogue.Entry experiment, String path) {
        page.navigate(filled.page(experiment, path));
    }
}

package io.loreley.web;

import static io.loreley.web.Safe.html;

import io.loreley.store.ArchiveListing;
import io.loreley.store.CardListing;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The findings as one HTML page: style and pictures inside, no script, nothing fetched. */
final class ReportHtml {

    private static final String STYLE = """
            :root{color-scheme:light dark;--t:#23282b;--s:#5b6265;--l:#e2ddd3;--p:#fffefb;--b:#f7f5f1;--a:#0b6469;--g:#2c6e2f;--r:#a9322a;--o:#b07a00;--gs:#dff0dc;--rs:#f8e1dd}
            @media(prefers-color-scheme:dark){:root{--t:#e3e6e4;--s:#a2aaab;--l:#2c3338;--p:#181c1f;--b:#111416;--a:#4fb7b1;--g:#79c275;--r:#f08a7e;--o:#e5b94f;--gs:#1b2f1b;--rs:#3a1d1a}}
            *{box-sizing:border-box}body{font:15px/1.55 ui-sans-serif,system-ui,"Segoe UI",Roboto,sans-serif;background:var(--b);color:var(--t);margin:0 auto;padding:40px 20px 80px;max-width:980px;font-variant-numeric:tabular-nums}
            h1{font-size:1.9rem;letter-spacing:-.02em;margin:0}h2{font-size:1.1rem;margin:34px 0 10px}.s{color:var(--s)}.g{color:var(--g)}.r{color:var(--r)}
            .k{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));border:1px solid var(--l);border-radius:9px;background:var(--p);margin:22px 0}.k div{padding:12px 16px}.k b{display:block;font-size:1.35rem;letter-spacing:-.02em}
            section{background:var(--p);border:1px solid var(--l);border-radius:9px;padding:14px 16px;overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:5px 12px 5px 0;border-bottom:1px solid var(--l)}tr:last-child td{border:0}th{color:var(--s);font-weight:560;font-size:.85rem}
            .n{text-align:right}code,pre{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,monospace;font-size:.86em}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}.add{background:var(--gs)}.del{background:var(--rs)}.plain{unicode-bidi:isolate;overflow-wrap:anywhere}
            svg{display:block;width:100%;height:auto}svg text{fill:var(--s);font:11px ui-sans-serif,system-ui,sans-serif}
            """;

    private final Findings findings;
    private final StringBuilder out = new StringBuilder();

    ReportHtml(Findings findings) {
        this.findings = findings;
    }

    String write() {
        String name = html(findings.experiment().name());
        out.append(
                        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
                .append("<title>")
                .append(name)
                .append(" · Loreley</title><style>")
                .append(STYLE)
                .append("</style></head><body>");
        out.append("<h1>")
                .append(name)
                .append("</h1><p class=\"s plain\">")
                .append(html(findings.experiment().goal()))
                .append("</p>");
        figures();
        progress();
        map();
        best();
        commits("The line to the best", findings.ancestry().reversed());
        commits("The best elites", findings.elites());
        agents();
        patches();
        out.append("<h2>Settings</h2><section><pre>")
                .append(html(findings.experiment().settings().toPrettyString()))
                .append("</pre></section>");
        out.append("<p class=\"s\">Written ")
                .append(findings.at().toString(), 0, 16)
                .append(" UTC by Loreley from experiment <code>")
                .append(findings.experiment().id())
                .append("</code> of <code>")
                .append(html(findings.experiment().repository()))
                .append("</code>.</p></body></html>\n");
        return out.toString();
    }

    private void figures() {
        var status = findings.status();
        Findings.Measured best = findings.best();
        Findings.Measured root = findings.root();
        out.append("<div class=\"k\">");
        Double found = best == null ? null : best.card().objective();
        Double begun = root == null ? null : root.card().objective();
        figure(
                "best " + findings.objective().metric(),
                Figures.number(found),
                begun == null ? "" : "root " + Figures.number(begun));
        figure(
                "coverage",
                Figures.percent(status.coverage()),
                "%d of %d cells".formatted(status.elites(), status.cells()));
        figure("QD score", Figures.number(status.qdScore()), "");
        figure(
                "jobs",
                String.valueOf(status.jobs().finished()),
                "%d failed".formatted(status.jobs().failed()));
        figure("time", Figures.duration(status.elapsed()), "");
        double cost =
                findings.arms().stream().mapToDouble(each -> each.costUsd()).sum();
        figure("spent", Figures.dollars(cost), "of calls with a price");
        out.append("</div>");
    }

    private void figure(String name, String value, String note) {
        out.append("<div><span class=\"s\">")
                .append(html(name))
                .append("</span><b>")
                .append(html(value))
                .append("</b><span class=\"s\">")
                .append(html(note))
                .append("</span></div>");
    }

    /** Every measured commit and the best so far of those that may compete. The lowest twentieth may lie below the picture. */
    private void progress() {
        List<CardListing.Point> points = findings.points();
        if (points.size() < 2) {
            return;
        }
        boolean higher = findings.objective().direction().higherIsBetter();
        List<Double> sorted = points.stream()
                .map(CardListing.Point::value)
                .sorted(higher ? Comparator.naturalOrder() : Comparator.reverseOrder())
                .toList();
        double worst = sorted.get(sorted.size() / 20);
        double best = sorted.getLast();
        double span = best == worst ? 1 : best - worst;
        double last = Math.max(1, points.getLast().number());
        StringBuilder dots = new StringBuilder();
        StringBuilder line = new StringBuilder();
        double record = higher ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        for (CardListing.Point point : points) {
            double x = 60 + 860 * point.number() / last;
            double share = (point.value() - worst) / span;
            if (share >= 0) {
                dots.append(String.format(
                        Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.4\"/>", x, 225 - 205 * share));
            }
            if (point.accepted()) {
                record = higher ? Math.max(record, point.value()) : Math.min(record, point.value());
                double y = 225 - 205 * Math.max(0, (record - worst) / span);
                line.append(
                        line.isEmpty()
                                ? String.format(Locale.ROOT, "M%.1f %.1f", x, y)
                                : String.format(Locale.ROOT, "H%.1fV%.1f", x, y));
            }
        }
        line.append(line.isEmpty() ? "" : "H920");
        out.append(
                "<h2>Objective over the measured commits</h2><section><svg viewBox=\"0 0 940 250\" role=\"img\" aria-label=\"Objective over the measured commits\">");
        out.append("<g fill=\"var(--a)\" opacity=\".45\">")
                .append(dots)
                .append("</g><path d=\"")
                .append(line)
                .append("\" fill=\"none\" stroke=\"var(--o)\" stroke-width=\"2\"/>");
        out.append("<text x=\"52\" y=\"24\" text-anchor=\"end\">")
                .append(Figures.number(best))
                .append("</text><text x=\"52\" y=\"228\" text-anchor=\"end\">")
                .append(Figures.number(worst))
                .append("</text><text x=\"60\" y=\"246\">1</text><text x=\"920\" y=\"246\" text-anchor=\"end\">")
                .append((long) last + 1)
                .append("</text></svg></section>");
    }

    private void map() {
        ArchiveListing.Cells cells = findings.cells();
        int n = findings.experiment().cellsPerDimension();
        if (cells.cells().isEmpty() || n == 0 || cells.measures().size() < 2) {
            return;
        }
        double low = Collections.min(cells.objectives());
        double span = Math.max(1e-300, Collections.max(cells.objectives()) - low);
        double size = 400.0 / n;
        out.append("<h2>Archive, island ")
                .append(html(findings.islands().getFirst().island()))
                .append(
                        "</h2><section><svg viewBox=\"0 0 940 420\" role=\"img\" aria-label=\"Map of the archive\"><rect x=\"20\" width=\"400\" height=\"400\" fill=\"var(--l)\" opacity=\".5\"/>");
        double[] best = new double[n * n];
        java.util.Arrays.fill(best, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < cells.cells().size(); i++) {
            int square = at(cells.measures().get(0).get(i), n)
                    + n * at(cells.measures().get(1).get(i), n);
            best[square] = Math.max(best[square], (cells.objectives().get(i) - low) / span);
        }
        for (int square = 0; square < best.length; square++) {
            if (best[square] >= 0) {
                out.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"hsl(%.0f 62%% %.0f%%)\"/>",
                        20 + size * (square % n),
                        400 - size * (square / n + 1),
                        size * 0.96,
                        size * 0.96,
                        280 - 225 * best[square],
                        30 + 28 * best[square]));
            }
        }
        out.append("<text x=\"20\" y=\"416\">")
                .append(html(findings.experiment().axes().get(0)))
                .append(" →</text><text x=\"440\" y=\"16\">up: ")
                .append(html(findings.experiment().axes().get(1)))
                .append(
                        ". Violet is the worst objective, yellow the best;</text><text x=\"440\" y=\"32\">where measures are folded, the best of a square.</text></svg></section>");
    }

    private static int at(double measure, int n) {
        return Math.clamp((int) (measure * n), 0, n - 1);
    }

    /** What the hold-out says, as a paragraph that follows another. */
    private String holdout() {
        var holdout = findings.status().holdout();
        return holdout == null ? "" : "</p><p class=\"plain\">Hold-out: " + html(holdout.describe());
    }

    private void best() {
        Findings.Measured best = findings.best();
        if (best == null) {
            out.append("<p>Nothing was measured yet.</p>");
            return;
        }
        out.append("<h2>The best</h2><section><p class=\"plain\"><b>")
                .append(html(best.card().subject()))
                .append("</b><br><code>")
                .append(best.card().commit())
                .append("</code></p><p class=\"plain\">")
                .append(html(best.card().changeSummary()))
                .append(holdout())
                .append(
                        "</p><table><tr><th>metric</th><th class=\"n\">best</th><th class=\"n\">root</th><th class=\"n\">difference</th></tr>");
        for (CardListing.Value metric : best.metrics()) {
            Double root = ReportMarkdown.of(findings.root(), metric.name());
            out.append("<tr><td>")
                    .append(html(metric.name()))
                    .append("</td><td class=\"n\">")
                    .append(Figures.number(metric.value()))
                    .append("</td><td class=\"n\">")
                    .append(Figures.number(root))
                    .append("</td>")
                    .append(difference(metric, root))
                    .append("</tr>");
        }
        out.append("</table></section>");
    }

    private static String difference(CardListing.Value metric, @Nullable Double root) {
        if (root == null || metric.value() == root) {
            return "<td class=\"n s\">" + (root == null ? "–" : "equal") + "</td>";
        }
        double by = metric.value() - root;
        return "<td class=\"n %s\">%s</td>"
                .formatted(by > 0 == metric.higherIsBetter() ? "g" : "r", Figures.signed(by));
    }

    private void commits(String title, List<CardListing.Line> cards) {
        out.append("<h2>")
                .append(title)
                .append("</h2><section><table><tr><th>commit</th><th class=\"n\">")
                .append(html(findings.objective().metric()))
                .append("</th><th>what</th></tr>");
        cards.forEach(card -> out.append("<tr><td><code>")
                .append(card.commit().abbreviated())
                .append("</code></td><td class=\"n\">")
                .append(Figures.number(card.objective()))
                .append("</td><td class=\"plain\">")
                .append(html(card.subject()))
                .append("</td></tr>"));
        out.append("</table></section>");
    }

    private void agents() {
        out.append(
                "<h2>What was spent</h2><section><table><tr><th>stage</th><th>agent</th><th>model</th><th class=\"n\">stages</th><th class=\"n\">failed</th><th class=\"n\">placed</th><th class=\"n\">calls</th><th class=\"n\">tokens</th><th class=\"n\">cost</th></tr>");
        findings.arms()
                .forEach(arm -> out.append(
                        "<tr><td>%s</td><td>%s</td><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td class=\"n\">%s</td></tr>"
                                .formatted(
                                        arm.stage().toLowerCase(Locale.ROOT),
                                        html(arm.agent() == null ? "evaluator" : arm.agent()),
                                        html(arm.model() == null ? "–" : arm.model()),
                                        arm.stages(),
                                        arm.failed(),
                                        arm.placed(),
                                        arm.calls(),
                                        arm.inputTokens() + arm.outputTokens(),
                                        Figures.dollars(arm.costUsd()))));
        out.append("</table></section>");
    }

    private void patches() {
        out.append("<h2>Changes of the best against the root</h2>");
        for (Findings.Patch patch : findings.patches()) {
            out.append("<section><p><code class=\"plain\">")
                    .append(html(patch.stat().path()))
                    .append("</code> <span class=\"g\">+")
                    .append(patch.stat().added())
                    .append("</span> <span class=\"r\">−")
                    .append(patch.stat().deleted())
                    .append("</span></p><pre>");
            patch.diff().hunks().stream()
                    .flatMap(hunk -> hunk.lines().stream())
                    .limit(400)
                    .forEach(this::line);
            out.append("</pre></section>");
        }
    }

    private void line(FileDiff.Line line) {
        String tone = line.kind().equals("+") ? " class=\"add\"" : line.kind().equals("-") ? " class=\"del\"" : "";
        out.append("<div")
                .append(tone)
                .append('>')
                .append(line.kind())
                .append(html(line.text()))
                .append(line.more() > 0 ? " … %d more characters".formatted(line.more()) : "")
                .append("</div>");
    }
}

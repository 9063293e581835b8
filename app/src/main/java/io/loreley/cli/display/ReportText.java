package io.loreley.cli.display;

import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.ExperimentStatus.Score;
import io.loreley.domain.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What came of a run, as the lines that a person reads at its end. */
final class ReportText {

    private ReportText() {}

    static List<StyledLine> of(EndReport report) {
        ExperimentStatus status = report.status();
        List<StyledLine> lines = new ArrayList<>();
        lines.add(StyledLine.of(status.name(), Style.BOLD).add("  stopped: " + report.reason()));
        lines.add(new StyledLine());
        Score best = status.best();
        if (best == null) {
            lines.add(StatusText.label("best").add("nothing was measured", Style.YELLOW));
        } else {
            lines.addAll(metrics(report));
            lines.add(new StyledLine());
            lines.add(StatusText.label("best")
                    .add(best.commit().abbreviated(), Style.YELLOW)
                    .add("  " + best.subject()));
        }
        lines.add(StatusText.label("archive")
                .add("%s elites in %s cells · coverage %s · QD score %s"
                        .formatted(
                                Numbers.count(status.elites()),
                                Numbers.count(status.cells()),
                                Numbers.percent(status.coverage()),
                                Numbers.plain(status.qdScore()))));
        lines.add(jobs(status));
        if (!status.spending().isEmpty()) {
            lines.add(StatusText.cost(status));
        }
        if (report.branch() != null) {
            lines.add(
                    StatusText.label("branch").add(report.branch(), Style.BOLD).add("  in " + report.repository()));
        }
        if (report.problem() != null) {
            lines.add(StatusText.label("branch")
                    .add((report.branch() == null ? "not written: " : "note: ") + report.problem(), Style.RED));
        }
        lines.add(new StyledLine());
        lines.addAll(commands(report));
        return lines;
    }

    private static StyledLine jobs(ExperimentStatus status) {
        StyledLine line =
                StatusText.label("jobs").add(Numbers.count(status.jobs().succeeded()) + " succeeded");
        if (status.jobs().failed() > 0) {
            line.add(" · %s failed (%s)".formatted(Numbers.count(status.jobs().failed()), StatusText.failures(status)));
        }
        return line.add(" · " + Numbers.clock(status.budget().timeUsed()));
    }

    /** A row for each metric, the objective first, numbers under each other. */
    private static List<StyledLine> metrics(EndReport report) {
        Map<String, Measurement> root = byName(report.rootMetrics());
        Map<String, Measurement> best = byName(report.bestMetrics());
        String objective = report.status().objective().metric();
        Set<String> names = new LinkedHashSet<>(List.of(objective));
        names.addAll(best.keySet());
        names.addAll(root.keySet());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("metric", "root", "best", "change", ""));
        names.stream()
                .filter(name -> best.containsKey(name) || root.containsKey(name))
                .forEach(name -> rows.add(row(name, root.get(name), best.get(name))));
        return table(rows);
    }

    private static List<String> row(String name, @Nullable Measurement root, @Nullable Measurement best) {
        Measurement any = best == null ? root : best;
        String unit = any == null || any.unit() == null ? "" : any.unit();
        return List.of(
                name,
                root == null ? "–" : Numbers.plain(root.value()),
                best == null ? "–" : Numbers.plain(best.value()),
                root == null || best == null || root.value() == best.value()
                        ? ""
                        : "%s  %s"
                                .formatted(
                                        Numbers.signed(best.value() - root.value()),
                                        Numbers.change(root.value(), best.value()))
                                .strip(),
                unit);
    }

    private static List<StyledLine> table(List<List<String>> rows) {
        int[] widths = new int[5];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], TextWidth.of(row.get(i)));
            }
        });
        List<StyledLine> lines = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            List<String> row = rows.get(r);
            StyledLine line = new StyledLine().add("  ");
            for (int i = 0; i < widths.length; i++) {
                String gap = " ".repeat(widths[i] - TextWidth.of(row.get(i)));
                boolean number = i == 1 || i == 2;
                Style style = r == 0 || i == 4 ? Style.DIM : i == 2 && r == 1 ? Style.BOLD : Style.PLAIN;
                line.add(number ? gap + row.get(i) : row.get(i) + gap, style).add("  ");
            }
            lines.add(line);
        }
        return lines;
    }

    private static List<StyledLine> commands(EndReport report) {
        List<StyledLine> lines = new ArrayList<>();
        Score root = report.status().root();
        if (report.branch() != null && root != null) {
            String git = "git -C " + shellWord(report.repository());
            lines.add(command(
                    "see the change",
                    "%s diff --stat %s %s".formatted(git, root.commit().abbreviated(), report.branch())));
            lines.add(command(
                    "see its steps",
                    "%s log --oneline %s..%s".formatted(git, root.commit().abbreviated(), report.branch())));
        }
        lines.add(command(
                "go on",
                report.continuation().stream()
                        .map(ReportText::shellWord)
                        .collect(Collectors.joining(" ", "loreley ", ""))));
        return lines;
    }

    private static StyledLine command(String purpose, String command) {
        return new StyledLine().add("  ").add(purpose, Style.DIM).padTo(18).add(command, Style.CYAN);
    }

    /** The text as one word of a POSIX shell. */
    private static String shellWord(String text) {
        return text.matches("[A-Za-z0-9_./:@%+=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static Map<String, Measurement> byName(List<Measurement> metrics) {
        return metrics.stream()
                .collect(Collectors.toMap(Measurement::name, Function.identity(), (a, _) -> a, LinkedHashMap::new));
    }
}

package io.loreley.examples.packing;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The evaluator: checks the `packing.txt` of the current folder exactly and writes its metrics, as JSON, to the file
/// named by the environment variable `LORELEY_RESULT`. An invalid packing has no metrics: exit code 1, and standard
/// error says what is wrong.
public final class Evaluate {

    /// Of an invalid packing's violations, so many are listed.
    private static final int SHOWN_VIOLATIONS = 10;

    private static final int EXIT_INVALID = 1;
    private static final int EXIT_MISUSED = 2;

    private Evaluate() {}

    public static void main(String[] args) throws IOException {
        String result = System.getenv("LORELEY_RESULT");
        if (result == null) {
            System.err.println("Evaluate: set LORELEY_RESULT to the file that takes the result.");
            System.exit(EXIT_MISUSED);
            return;
        }
        try {
            Json.Obj report = evaluate(Packing.read(Path.of(Packing.FILE)));
            Files.writeString(Path.of(result), report.text() + "\n");
        } catch (MalformedPacking e) {
            System.err.println("Invalid packing: " + e.getMessage());
            System.exit(EXIT_INVALID);
        }
    }

    /// @throws MalformedPacking if the packing is not valid, with the first violations
    static Json.Obj evaluate(Packing packing) {
        List<String> violations = ExactCheck.violations(packing);
        if (!violations.isEmpty()) {
            throw new MalformedPacking(listed(violations));
        }
        BigDecimal sum = packing.sumOfRadii();
        return Json.object()
                .with(
                        "summary",
                        "%d circles, sum of radii %.9f"
                                .formatted(packing.circles().size(), sum))
                .with("metrics", new Json.Arr(metrics(packing, sum)));
    }

    private static String listed(List<String> violations) {
        int shown = Math.min(SHOWN_VIOLATIONS, violations.size());
        String list = String.join("; ", violations.subList(0, shown));
        int rest = violations.size() - shown;
        return rest == 0 ? list : "%s; and %d more".formatted(list, rest);
    }

    private static List<Json> metrics(Packing packing, BigDecimal sum) {
        List<Double> radii = packing.circles().stream()
                .map(circle -> circle.r().doubleValue())
                .sorted()
                .toList();
        double area = radii.stream().mapToDouble(r -> Math.PI * r * r).sum();
        Json.Obj exact = Json.object().with("exact", sum.toPlainString());
        List<Json> metrics = new ArrayList<>();
        metrics.add(
                metric("sum_radii", sum.doubleValue(), "radius_sum", "maximize").with("details", exact));
        metrics.add(metric("packing_density", area, "area_fraction", "maximize"));
        metrics.add(metric("num_circles", radii.size(), "count", "maximize"));
        metrics.add(metric("min_radius", radii.getFirst(), "radius", "maximize"));
        metrics.add(metric("radius_spread", radii.getLast() - radii.getFirst(), "radius", "minimize"));
        return metrics;
    }

    private static Json.Obj metric(String name, double value, String unit, String direction) {
        return Json.object()
                .with("name", name)
                .with("value", value)
                .with("unit", unit)
                .with("direction", direction);
    }
}

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Three checks of two numbers, written down as JUnit does. */
class Checks {

    private static final List<String> CASES = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        List<String> lines = Files.readAllLines(Path.of("clamp.txt"));
        double low = Double.parseDouble(lines.get(0).split(" ")[1]);
        double high = Double.parseDouble(lines.get(1).split(" ")[1]);
        check("the_range_is_not_empty", low < high);
        check("it_begins_at_zero", low == 0);
        check("it_ends_at_ten", high >= 10);
        Path reports = Files.createDirectories(Path.of("reports"));
        Files.writeString(
                reports.resolve("TEST-Checks.xml"),
                "<testsuite name=\"Checks\">" + String.join("", CASES) + "</testsuite>");
    }

    private static void check(String name, boolean holds) {
        CASES.add("<testcase classname=\"Checks\" name=\"%s\" time=\"0.001\">%s</testcase>"
                .formatted(name, holds ? "" : "<failure message=\"it does not hold\"/>"));
    }
}

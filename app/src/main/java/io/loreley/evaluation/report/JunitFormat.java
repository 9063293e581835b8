package io.loreley.evaluation.report;

import io.loreley.contract.Exchange;
import io.loreley.contract.ForeignFile;
import io.loreley.contract.Role;
import io.loreley.domain.Direction;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Glob;
import io.loreley.domain.Limits;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Measurement;
import io.loreley.domain.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * JUnit XML, as JUnit, Surefire, Gradle, pytest and many others write it: how many tests there are and how many passed,
 * failed, erred or were skipped. The names and messages of the first failures are what the next agents read.
 */
public final class JunitFormat implements ReportFormat {

    private static final int FILES = 5_000;
    /** The report of ten thousand tests with their output. */
    private static final int FILE_BYTES = 16 << 20;

    private static final int FAILURES_TOLD = 10;
    private static final int MESSAGE = 300;

    private final @Nullable String pattern;

    /**
     * @param pattern the report files as a {@link Glob} in the checkout, read instead of {@code LORELEY_RESULT}; null for that one
     */
    public JunitFormat(@Nullable String pattern) {
        this.pattern = pattern;
    }

    @Override
    public String fileName() {
        return "junit.xml";
    }

    /** What was there before may be the candidate's own, or of an earlier stage. */
    @Override
    public void clear(Path checkout) {
        for (Path file : matching(checkout)) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new LoreleyException(
                        FailureKind.STORAGE, "cannot delete the old report %s: %s".formatted(file, e.getMessage()), e);
            }
        }
    }

    @Override
    public Report read(Exchange exchange, Path checkout) {
        return count(exchange, checkout).report();
    }

    /** Test runners fail where a test did; where none did, something else went wrong, and the report is not whole. */
    @Override
    public Optional<Report> readFailed(Exchange exchange, Path checkout) {
        try {
            Count count = count(exchange, checkout);
            return count.failed + count.errored > 0 ? Optional.of(count.report()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Count count(Exchange exchange, Path checkout) {
        Count count = new Count();
        for (Path file : pattern == null ? List.of(exchange.result()) : reports(checkout, pattern)) {
            byte[] xml = ForeignFile.read(file, FILE_BYTES, Role.EVALUATOR)
                    .orElseThrow(() -> new IllegalArgumentException("left no report %s".formatted(file.getFileName())));
            try {
                read(xml, count);
            } catch (XMLStreamException e) {
                throw new IllegalArgumentException(
                        "wrote %s, which is no JUnit XML: %s"
                                .formatted(file.getFileName(), Limits.clamp(Limits.oneLine(e.getMessage()), 200)),
                        e);
            }
        }
        if (count.tests == 0) {
            throw new IllegalArgumentException("reported no test at all");
        }
        return count;
    }

    private List<Path> reports(Path checkout, String pattern) {
        List<Path> found = matching(checkout);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("left no report that matches '%s'".formatted(pattern));
        }
        if (found.size() > FILES) {
            throw new IllegalArgumentException(
                    "left %,d reports that match '%s'; at most %,d are read".formatted(found.size(), pattern, FILES));
        }
        return found;
    }

    /** In a fixed order; none without a pattern. */
    private List<Path> matching(Path checkout) {
        if (pattern == null) {
            return List.of();
        }
        Glob glob = Glob.of(pattern);
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(checkout, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (glob.matches(checkout.relativize(file).toString())) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw Role.EVALUATOR.unreadable("left its reports unreadable: " + e.getMessage(), e);
        }
        Collections.sort(found);
        return found;
    }

    private static void read(byte[] xml, Count count) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        // No document type, no entity: nothing but the file itself is read, and nothing in it grows.
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
        String test = "?";
        boolean passed = false;
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (reader.getLocalName()) {
                    case "testcase" -> {
                        test = name(reader);
                        passed = true;
                        count.tests++;
                        count.seconds += seconds(reader.getAttributeValue(null, "time"));
                    }
                    case "failure" -> {
                        count.failed += passed ? 1 : 0;
                        passed = false;
                        count.tell(test, reader.getAttributeValue(null, "message"));
                    }
                    case "error" -> {
                        count.errored += passed ? 1 : 0;
                        passed = false;
                        count.tell(test, reader.getAttributeValue(null, "message"));
                    }
                    case "skipped" -> {
                        count.skipped += passed ? 1 : 0;
                        passed = false;
                    }
                    default -> {}
                }
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && reader.getLocalName().equals("testcase")) {
                count.passed += passed ? 1 : 0;
                passed = false;
            }
        }
    }

    private static String name(XMLStreamReader reader) {
        String type = reader.getAttributeValue(null, "classname");
        String name = reader.getAttributeValue(null, "name");
        return type == null || type.isBlank() ? "" + name : type + "." + name;
    }

    private static double seconds(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            // Surefire groups thousands by a comma.
            double seconds = Double.parseDouble(text.replace(",", ""));
            return Double.isFinite(seconds) && seconds > 0 ? seconds : 0;
        } catch (NumberFormatException e) {
            return 0; // times are a courtesy of the report; the counts are what it is read for
        }
    }

    /** What was counted so far. */
    private static final class Count {

        private int tests;
        private int passed;
        private int failed;
        private int errored;
        private int skipped;
        private double seconds;
        private final List<String> failures = new ArrayList<>();

        private void tell(String test, @Nullable String message) {
            if (failures.size() < FAILURES_TOLD) {
                failures.add("%s: %s"
                        .formatted(
                                Limits.clamp(Limits.oneLine(test), MESSAGE),
                                message == null ? "failed" : Limits.clamp(Limits.oneLine(message), MESSAGE)));
            }
        }

        private Report report() {
            List<Measurement> metrics = List.of(
                    metric("tests_passed", passed, null, Direction.MAXIMIZE),
                    metric("tests_failed", failed, null, Direction.MINIMIZE),
                    metric("tests_errored", errored, null, Direction.MINIMIZE),
                    metric("tests_skipped", skipped, null, Direction.MINIMIZE),
                    metric("tests_total", tests, null, Direction.MAXIMIZE),
                    metric("pass_rate", (double) passed / tests, null, Direction.MAXIMIZE),
                    metric("tests_seconds", seconds, "s", Direction.MINIMIZE));
            return new Report(
                    "%d of %d tests passed".formatted(passed, tests),
                    metrics,
                    failures,
                    failures.isEmpty() ? null : "Tests that failed:\n" + String.join("\n", failures),
                    new Verdict.Accepted());
        }

        private static Measurement metric(String name, double value, @Nullable String unit, Direction direction) {
            return new Measurement(name, value, unit, direction, Map.of());
        }
    }
}

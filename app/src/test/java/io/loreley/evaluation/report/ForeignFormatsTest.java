package io.loreley.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.contract.Exchange;
import io.loreley.domain.Direction;
import io.loreley.domain.Measurement;
import io.loreley.domain.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignFormatsTest {

    @TempDir
    Path folder;

    @Test
    void jmh_benchmarks_are_metrics_with_samples_and_a_direction() throws Exception {
        Report report = read(new JmhFormat(), """
                [{"jmhVersion": "1.37", "benchmark": "org.acme.Sort.quick", "mode": "thrpt", "params": {"size": "1000"},
                  "primaryMetric": {"score": 12.5, "scoreError": 0.3, "scoreUnit": "ops/ms",
                                    "rawData": [[12.0, 13.0], [12.5]]}},
                 {"benchmark": "org.acme.Sort.merge", "mode": "avgt",
                  "primaryMetric": {"score": 80, "scoreError": "NaN", "scoreUnit": "us/op", "rawData": [[80]]}}]
                """);

        assertThat(report.metrics())
                .containsExactly(
                        new Measurement(
                                "Sort.quick[size=1000]",
                                12.5,
                                "ops/ms",
                                Direction.MAXIMIZE,
                                Map.of("mode", "thrpt", "score_error", 0.3),
                                new Spread(3, 0.5),
                                false),
                        new Measurement("Sort.merge", 80, "us/op", Direction.MINIMIZE, Map.of("mode", "avgt")));
    }

    @Test
    void a_benchmark_under_two_modes_is_two_metrics() throws Exception {
        Report report = read(new JmhFormat(), """
                [{"benchmark": "a.Sort.quick", "mode": "thrpt", "primaryMetric": {"score": 1}},
                 {"benchmark": "a.Sort.quick", "mode": "avgt", "primaryMetric": {"score": 2}},
                 {"benchmark": "a.Sort.merge", "mode": "avgt", "primaryMetric": {"score": 3}}]
                """);

        assertThat(report.metrics())
                .extracting(metric -> metric.name() + " " + metric.direction())
                .containsExactly("Sort.quick.thrpt MAXIMIZE", "Sort.quick.avgt MINIMIZE", "Sort.merge MINIMIZE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[{}]",
                "[{\"benchmark\": \"a.b\", \"primaryMetric\": {\"score\": \"NaN\"}}]",
                "[{\"benchmark\": \"a.b\", \"primaryMetric\": {\"score\": 1}}, {\"benchmark\": \"a.b\", \"primaryMetric\": {\"score\": 1}}]"
            })
    void what_jmh_never_writes_is_refused(String json) {
        assertThatThrownBy(() -> read(new JmhFormat(), json)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hyperfine_times_are_seconds_with_their_runs_as_samples() throws Exception {
        Report report = read(new HyperfineFormat(), """
                {"results": [{"command": "sort big", "mean": 2, "stddev": 1, "median": 2, "user": 1, "system": 0,
                              "min": 1, "max": 3, "times": [1, 2, 3], "exit_codes": [0, 0, 0]}]}
                """);

        assertThat(report.metrics().getFirst())
                .isEqualTo(new Measurement("mean", 2, "s", Direction.MINIMIZE, Map.of(), new Spread(3, 1), false));
        assertThat(report.metrics()).extracting(Measurement::name).containsExactly("mean", "median", "min", "max");
    }

    @Test
    void several_commands_under_hyperfine_carry_their_names() throws Exception {
        Report report = read(new HyperfineFormat(), """
                {"results": [{"command": "old", "mean": 2, "median": 2, "min": 2, "max": 2},
                             {"command": "new", "mean": 1, "median": 1, "min": 1, "max": 1}]}
                """);

        assertThat(report.metrics()).extracting(Measurement::name).contains("old.median", "new.median");
        assertThatThrownBy(() -> read(new HyperfineFormat(), "{\"results\": []}"))
                .hasMessageContaining("list of results");
    }

    @Test
    void tests_are_counted_and_the_failures_told() throws Exception {
        Report report = read(new JunitFormat(null), """
                <?xml version="1.0" encoding="utf-8"?>
                <testsuites><testsuite name="pytest" tests="5">
                <testcase classname="t.A" name="good" time="0.5"/>
                <testcase classname="t.A" name="odd" time="1,000.25"><system-out>fine</system-out></testcase>
                <testcase classname="t.A" name="bad"><failure message="1 &lt; 2">trace</failure></testcase>
                <testcase name="broken"><error message="no module"/><failure/></testcase>
                <testcase classname="t.A" name="later"><skipped/></testcase>
                </testsuite></testsuites>
                """);

        assertThat(report.metrics().stream().collect(Collectors.toMap(Measurement::name, Measurement::value)))
                .isEqualTo(Map.of(
                        "tests_total", 5.0,
                        "tests_passed", 2.0,
                        "tests_failed", 1.0,
                        "tests_errored", 1.0,
                        "tests_skipped", 1.0,
                        "pass_rate", 0.4,
                        "tests_seconds", 1000.75));
        assertThat(report.feedback())
                .isEqualTo("Tests that failed:\nt.A.bad: 1 < 2\nbroken: no module\nbroken: failed");
        assertThat(report.summary()).isEqualTo("2 of 5 tests passed");
    }

    @Test
    void reports_of_many_suites_add_up() throws Exception {
        for (String suite : List.of("TEST-a.xml", "TEST-b.xml")) {
            Path file = folder.resolve("target/surefire-reports").resolve(suite);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "<testsuite><testcase name=\"x\"/></testsuite>");
        }

        Report report = read(new JunitFormat("target/surefire-reports/*.xml"), null);

        assertThat(report.metrics().getFirst().value()).isEqualTo(2);
        assertThatThrownBy(() -> read(new JunitFormat("nowhere/*.xml"), null))
                .hasMessageContaining("no report that matches 'nowhere/*.xml'");
    }

    @Test
    void reports_lie_at_any_depth_and_too_many_are_an_error() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("a/".repeat(20)));
        Files.writeString(deep.resolve("TEST-x.xml"), "<testsuite><testcase name=\"x\"/></testsuite>");
        JunitFormat format = new JunitFormat("**/TEST-*.xml");
        assertThat(read(format, null).metrics().getFirst().value()).isEqualTo(1);

        for (int i = 0; i < 5_000; i++) {
            Files.createFile(deep.resolve("TEST-%d.xml".formatted(i)));
        }
        assertThatThrownBy(() -> read(format, null)).hasMessageContaining("left 5,001 reports that match");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<testsuite/>",
                "prose",
                "<testsuite><testcase",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><testsuite><testcase name=\"x\">&e;</testcase></testsuite>"
            })
    void what_is_no_report_of_tests_is_refused(String xml) {
        assertThatThrownBy(() -> read(new JunitFormat(null), xml)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_link_is_not_followed_and_a_huge_file_not_read() throws Exception {
        Exchange exchange = Exchange.open(folder.resolve("x"), "junit.xml", Map.of());
        Files.createSymbolicLink(exchange.result(), Path.of("/etc/passwd"));
        assertThatThrownBy(() -> new JunitFormat(null).read(exchange, folder))
                .hasMessageContaining("something else than a file");

        Files.delete(exchange.result());
        Files.write(exchange.result(), new byte[(16 << 20) + 1]);
        assertThatThrownBy(() -> new JunitFormat(null).read(exchange, folder))
                .hasMessageContaining("more than 16,777,216 bytes");
    }

    private Report read(ReportFormat format, @Nullable String content) throws IOException {
        Exchange exchange = Exchange.open(folder.resolve("scratch"), format.fileName(), Map.of());
        if (content != null) {
            Files.writeString(exchange.result(), content);
        }
        return format.read(exchange, folder);
    }
}

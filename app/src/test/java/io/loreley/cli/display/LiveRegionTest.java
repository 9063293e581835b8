package io.loreley.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.domain.FailureKind;
import io.loreley.domain.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveRegionTest {

    private static final String ESCAPE = "\u001b[";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable TerminalSize size = new TerminalSize(24, 80);
    private final LiveRegion region = new LiveRegion(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            () -> Optional.ofNullable(size),
            false,
            InstantSource.fixed(Samples.NOON),
            "Pack circles.");

    @Test
    void a_frame_shows_the_state_and_no_line_is_wider_than_the_terminal() {
        region.show(Samples.status());

        String frame = frame();

        assertThat(frame)
                .contains("circle-packing  Pack circles.")
                .contains("sum_radii 2.635983  +0.5146627 (+24.3 %)")
                .contains("47 done · 2 running · 3 waiting · 3 failed")
                .contains("23 of 64 · coverage 36 % · QD score 58.25")
                .contains("52 of 100 jobs · 1:23 of 2:00")
                .contains("evaluator timeout 2, no change 1");
        assertThat(frame.replaceAll("\u001b\\[[?0-9]*[A-Za-z]", "").lines())
                .allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThan(80));
    }

    @Test
    void a_frame_takes_the_place_of_the_last_one() {
        frame();

        assertThat(frame()).startsWith(ESCAPE + "?25l\r" + ESCAPE + "2A").endsWith(ESCAPE + "K\n" + ESCAPE + "J");
    }

    @Test
    void a_narrower_terminal_has_wrapped_the_last_frame() {
        region.show(Samples.status());
        frame();
        size = new TerminalSize(24, 40);

        assertThat(frame()).contains("\r" + ESCAPE + "13A");
    }

    @Test
    void memorable_events_scroll_above_and_repeated_failures_are_only_counted() {
        for (int i = 0; i < 10; i++) {
            region.on(new RunEvent.JobFailed(Samples.JOB, FailureKind.NO_CHANGE, "nothing changed", Duration.ZERO));
        }
        region.on(new RunEvent.BestImproved(Samples.BEST, 2.5, 2));

        String frame = frame();

        assertThat(frame.split("nothing changed", -1)).hasSize(4);
        assertThat(frame).contains("best").contains("2.5  +0.5").contains("bbbbbbbbbbbb");
        assertThat(frame()).doesNotContain("bbbbbbbbbbbb");
    }

    @Test
    void the_end_leaves_the_report_and_the_cursor() {
        region.show(Samples.status());
        frame();

        region.finish(Samples.report());

        assertThat(output()).contains("loreley/best/circle-packing").endsWith(ESCAPE + "?25h");
        assertThat(frame()).isEmpty();
    }

    @Test
    void the_report_is_said_even_if_the_terminal_went_away() {
        size = null;

        region.finish(Samples.report());

        assertThat(output())
                .contains("git -C '/home/ada/my packing' log --oneline aaaaaaaaaaaa..loreley/best/circle-packing");
    }

    @Test
    void a_small_terminal_gets_as_much_as_fits() {
        size = new TerminalSize(5, 20);
        region.show(Samples.status());

        assertThat(frame().chars().filter(character -> character == '\n').count())
                .isLessThan(5);
    }

    private String frame() {
        bytes.reset();
        region.paint();
        return output();
    }

    private String output() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

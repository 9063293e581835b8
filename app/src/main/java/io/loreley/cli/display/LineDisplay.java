package io.loreley.cli.display;

import io.loreley.domain.RunEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** One line an event, for a pipe, a file or a terminal that cannot be drawn on. */
public final class LineDisplay implements Display {

    private final PrintStream out;
    private final InstantSource clock;
    private final Instant start;

    public LineDisplay(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
        this.start = clock.instant();
    }

    @Override
    public void on(RunEvent event) {
        out.println(EventText.of(event, Duration.between(start, clock.instant())));
    }

    @Override
    public void finish(EndReport report) {
        out.println();
        ReportText.of(report).forEach(out::println);
    }

    @Override
    public void close() {
        out.flush();
    }
}

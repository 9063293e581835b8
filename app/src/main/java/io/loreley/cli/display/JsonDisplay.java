package io.loreley.cli.display;

import io.loreley.domain.RunEvent;
import java.io.PrintStream;
import java.time.InstantSource;

/** One JSON object a line: each event, and at last what came of the run. */
public final class JsonDisplay implements Display {

    private final PrintStream out;
    private final InstantSource clock;

    public JsonDisplay(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void on(RunEvent event) {
        out.println(JsonView.event(event, clock.instant()));
    }

    @Override
    public void finish(EndReport report) {
        out.println(JsonView.report(report, clock.instant()));
    }

    @Override
    public void close() {
        out.flush();
    }
}

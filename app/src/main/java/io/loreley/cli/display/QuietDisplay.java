package io.loreley.cli.display;

import io.loreley.domain.RunEvent;
import java.io.PrintStream;

/** Only what came of the run. */
public final class QuietDisplay implements Display {

    private final PrintStream out;

    public QuietDisplay(PrintStream out) {
        this.out = out;
    }

    @Override
    public void on(RunEvent event) {}

    @Override
    public void finish(EndReport report) {
        ReportText.of(report).forEach(out::println);
    }

    @Override
    public void close() {
        out.flush();
    }
}

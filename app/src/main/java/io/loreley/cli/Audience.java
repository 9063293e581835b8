package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.RunEvent;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A display that notices when nobody listens any more, as after {@code | head}: the run is then asked to stop, since
 * nobody would see what else it spends.
 */
final class Audience implements Display {

    private static final Logger LOG = LoggerFactory.getLogger(Audience.class);
    private static final Path STANDARD_OUTPUT = Path.of("/dev/stdout");

    private final Display display;
    private final BooleanSupplier isGone;
    private final GracefulStop stop;

    /** @param isGone whether what is said reaches nobody */
    Audience(Display display, BooleanSupplier isGone, GracefulStop stop) {
        this.display = display;
        this.isGone = isGone;
        this.stop = stop;
    }

    /** Whether the pipe that is written to was closed. A file on a full disk is waited for, as elsewhere. */
    static BooleanSupplier closedPipe(PrintStream out) {
        return () -> out.checkError() && Files.exists(STANDARD_OUTPUT) && !Files.isRegularFile(STANDARD_OUTPUT);
    }

    @Override
    public void on(RunEvent event) {
        display.on(event);
        if (!stop.isRequested() && isGone.getAsBoolean()) {
            LOG.warn("output.closed");
            stop.request();
        }
    }

    @Override
    public void about(String goal) {
        display.about(goal);
    }

    @Override
    public void show(Supplier<ExperimentStatus> newest) {
        display.show(newest);
    }

    @Override
    public void finish(EndReport report) {
        display.finish(report);
    }

    @Override
    public void close() {
        display.close();
    }
}

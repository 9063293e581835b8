package io.loreley.cli.display;

import io.loreley.scheduler.ExperimentStatus;
import io.loreley.scheduler.RunEvent;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A live region that is drawn five times a second, and that gives the cursor back however the process ends. */
public final class LiveDisplay implements Display {

    private static final long FRAME_MILLIS = 200;

    private final LiveRegion region;
    private final ScheduledExecutorService frames = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("display").daemon().factory());

    private LiveDisplay(LiveRegion region) {
        this.region = region;
    }

    public static LiveDisplay start(LiveRegion region) {
        LiveDisplay display = new LiveDisplay(region);
        Runtime.getRuntime().addShutdownHook(new Thread(region::close, "display-restore"));
        var _ = display.frames.scheduleAtFixedRate(region::paint, 0, FRAME_MILLIS, TimeUnit.MILLISECONDS);
        return display;
    }

    @Override
    public void on(RunEvent event) {
        region.on(event);
    }

    @Override
    public void show(ExperimentStatus status) {
        region.show(status);
    }

    @Override
    public void finish(EndReport report) {
        region.finish(report);
        close();
    }

    @Override
    public void close() {
        frames.shutdownNow();
        region.close();
    }
}

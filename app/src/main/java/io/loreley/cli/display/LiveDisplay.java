package io.loreley.cli.display;

import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.RunEvent;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A live region that is drawn five times a second, and that gives the cursor back when it is closed. */
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
        var _ = display.frames.scheduleAtFixedRate(region::paint, 0, FRAME_MILLIS, TimeUnit.MILLISECONDS);
        return display;
    }

    @Override
    public void on(RunEvent event) {
        region.on(event);
    }

    @Override
    public void about(String goal) {
        region.about(goal);
    }

    @Override
    public void show(Supplier<ExperimentStatus> newest) {
        region.show(newest.get());
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

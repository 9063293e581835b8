package io.loreley.cli.metrics;

import io.loreley.domain.LoreleyException;
import io.loreley.domain.RunEvent;
import io.loreley.domain.RunListener;
import io.loreley.store.Vitals;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers of one process, and of all experiments of its database. The former are counted as events are told, the
 * latter are read when somebody asks. Safe for many threads.
 */
public final class Metrics implements RunListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

    private final Vitals vitals;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final AtomicInteger databaseUp = new AtomicInteger();
    private final MultiGauge jobs = gauge("loreley.jobs", "Jobs by state, and failed ones by cause.");
    private final MultiGauge due = gauge("loreley.queue.due", "Jobs that a worker could take now, and none has.");
    private final MultiGauge oldestDue =
            gauge("loreley.queue.oldest.due.seconds", "How long the first of them has waited.");
    private final MultiGauge slots = gauge("loreley.worker.slots", "Jobs that living workers can run at once.");
    private final MultiGauge workers = gauge("loreley.workers", "Workers that are alive.");
    private final MultiGauge silence = gauge(
            "loreley.scheduler.silence.seconds", "Since the last heartbeat of the scheduler; -1 if it never had one.");

    public Metrics(Vitals vitals) {
        this.vitals = vitals;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        registry.gauge("loreley.database.up", databaseUp);
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    @Override
    public void on(RunEvent event) {
        switch (event) {
            case RunEvent.JobSucceeded job -> ended("succeeded", "", job.elapsed());
            case RunEvent.JobRejected job -> ended("rejected", "", job.elapsed());
            case RunEvent.JobHeldOut job -> ended("succeeded", "", job.elapsed());
            case RunEvent.JobFailed job -> ended("failed", job.kind().name().toLowerCase(Locale.ROOT), job.elapsed());
            case RunEvent.JobReturned _ -> count("loreley.jobs.returned", "Jobs that went back to the queue.");
            case RunEvent.Placed placed ->
                Counter.builder("loreley.placements")
                        .description("Commits that were offered to the archive.")
                        .tag("outcome", placed.outcome().name().toLowerCase(Locale.ROOT))
                        .register(registry)
                        .increment();
            case RunEvent.BestImproved _ -> count("loreley.improvements", "Commits better than all before them.");
            case RunEvent.Started _,
                    RunEvent.Serving _,
                    RunEvent.Loose _,
                    RunEvent.HeldOut _,
                    RunEvent.StandingBy _,
                    RunEvent.RootEvaluated _,
                    RunEvent.JobStarted _,
                    RunEvent.StageEntered _,
                    RunEvent.DrawingPaused _,
                    RunEvent.Paused _,
                    RunEvent.Resumed _,
                    RunEvent.Trouble _,
                    RunEvent.Stopping _ -> {} // told to people; nothing to count
        }
    }

    private void ended(String outcome, String cause, Duration elapsed) {
        Timer.builder("loreley.job.duration")
                .description("Attempts of this process that ended.")
                .tags("outcome", outcome, "cause", cause)
                .register(registry)
                .record(elapsed);
    }

    private void count(String name, String description) {
        Counter.builder(name).description(description).register(registry).increment();
    }

    /** In the text format of Prometheus. While the database is away, what is known without it. */
    String scrape() {
        try {
            List<Vitals.Labour> labour = vitals.labour();
            jobs.register(
                    vitals.jobs().stream()
                            .map(each -> Row.of(
                                    tags(each.of()).and("status", each.status(), "cause", each.cause()), each.count()))
                            .toList(),
                    true);
            register(due, labour, Vitals.Labour::due);
            register(oldestDue, labour, Vitals.Labour::oldestDue);
            register(slots, labour, Vitals.Labour::slots);
            register(workers, labour, Vitals.Labour::workers);
            register(silence, labour, Vitals.Labour::silence);
            databaseUp.set(1);
        } catch (LoreleyException e) {
            LOG.atWarn().setCause(e).log("metrics.database-away");
            databaseUp.set(0);
        }
        return registry.scrape();
    }

    private static void register(MultiGauge gauge, List<Vitals.Labour> labour, ToDoubleFunction<Vitals.Labour> value) {
        Function<Vitals.Labour, Row<?>> row = each -> Row.of(tags(each.of()), value.applyAsDouble(each));
        gauge.register(labour.stream().map(row).toList(), true);
    }

    private static Tags tags(Vitals.Subject subject) {
        return Tags.of("repository", subject.repository(), "experiment", subject.experiment());
    }

    /** Whether the database answers. */
    boolean isWell() {
        try {
            vitals.labour();
            return true;
        } catch (LoreleyException e) {
            LOG.atWarn().setCause(e).log("health.database-away");
            return false;
        }
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}

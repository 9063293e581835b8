package io.loreley.cli.display;

import io.loreley.domain.RunEvent;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** An event as one line: the time since the run began, what happened, and the facts. */
final class EventText {

    private static final int CLOCK = 7;
    private static final int WHAT = 10;

    private EventText() {}

    static StyledLine of(RunEvent event, Duration sinceStart) {
        StyledLine line =
                new StyledLine().add(Numbers.clock(sinceStart), Style.DIM).padTo(CLOCK);
        switch (event) {
            case RunEvent.Started started -> started(what(line, "start", Style.BOLD), started);
            case RunEvent.Serving dashboard -> what(line, "web", Style.BOLD).add(dashboard.address(), Style.CYAN);
            case RunEvent.Loose loose ->
                what(line, "loose", Style.YELLOW)
                        .add("%s: %s, against the settings (doctor says more)"
                                .formatted(String.join(", ", loose.programs()), loose.shortfall()));
            case RunEvent.StandingBy waiting ->
                what(line, "standby", Style.YELLOW)
                        .add("another process schedules %s; waiting until it is gone".formatted(waiting.name()));
            case RunEvent.RootEvaluated root ->
                what(line, "root", Style.BOLD)
                        .add(root.commit().abbreviated(), Style.YELLOW)
                        .add("  " + Numbers.plain(root.objective()));
            case RunEvent.JobStarted job ->
                what(line, "job", Style.DIM)
                        .add(job.job().toString().substring(0, 8))
                        .add("  %s on %s"
                                .formatted(
                                        StatusText.words(job.kind()), job.base().abbreviated()))
                        .add(job.attempt() > 1 ? "  attempt " + job.attempt() : "");
            case RunEvent.StageEntered stage ->
                what(line, "stage", Style.DIM)
                        .add(stage.job().toString().substring(0, 8))
                        .add("  " + stage.stage());
            case RunEvent.JobSucceeded job ->
                what(line, "done", Style.PLAIN)
                        .add(job.job().toString().substring(0, 8))
                        .add("  " + Numbers.plain(job.objective()) + "  ")
                        .add(job.commit().abbreviated(), Style.YELLOW)
                        .add("  %s (%s)".formatted(job.subject(), Numbers.seconds(job.elapsed())));
            case RunEvent.JobRejected job ->
                what(line, "rejected", Style.YELLOW)
                        .add(job.job().toString().substring(0, 8))
                        .add("  " + job.verdict() + "  ")
                        .add(job.commit().abbreviated(), Style.YELLOW)
                        .add("  %s (%s)".formatted(job.subject(), Numbers.seconds(job.elapsed())));
            case RunEvent.JobHeldOut job ->
                what(line, "done", Style.PLAIN)
                        .add(job.job().toString().substring(0, 8))
                        .add("  hold-out of ")
                        .add(job.commit().abbreviated(), Style.YELLOW)
                        .add("  (%s)".formatted(Numbers.seconds(job.elapsed())));
            case RunEvent.JobFailed job ->
                what(line, "failed", Style.RED)
                        .add(job.job().toString().substring(0, 8))
                        .add("  " + StatusText.words(job.kind()), Style.RED)
                        .add(": %s (%s)".formatted(job.message(), Numbers.seconds(job.elapsed())));
            case RunEvent.JobReturned job ->
                what(line, "returned", Style.YELLOW)
                        .add(job.job().toString().substring(0, 8))
                        .add("  " + job.why());
            case RunEvent.Placed placed ->
                what(line, StatusText.words(placed.outcome()), Style.DIM)
                        .add("cell %d  %s  %s"
                                .formatted(
                                        placed.cell(),
                                        placed.commit().abbreviated(),
                                        Numbers.plain(placed.objective())));
            case RunEvent.BestImproved best ->
                what(line, "best", Style.GREEN)
                        .add(Numbers.plain(best.objective()), Style.GREEN)
                        .add("  %s  ".formatted(Numbers.signed(best.objective() - best.previous())))
                        .add(best.commit().abbreviated(), Style.YELLOW);
            case RunEvent.HeldOut(var commit, var reason) ->
                what(line, "hold-out", reason == null ? Style.GREEN : Style.YELLOW)
                        .add(commit.abbreviated(), Style.YELLOW)
                        .add(reason == null ? "  passes" : "  fails: " + reason);
            case RunEvent.DrawingPaused paused ->
                what(line, "paused", Style.YELLOW)
                        .add(StatusText.words(paused.kind()), Style.YELLOW)
                        .add(": no more jobs until %s: %s"
                                .formatted(
                                        paused.until() == null
                                                ? "those that wait have ended"
                                                : paused.until().truncatedTo(ChronoUnit.SECONDS),
                                        paused.reason()));
            case RunEvent.Paused _ ->
                what(line, "paused", Style.YELLOW).add("nothing new is drawn; `loreley resume` goes on");
            case RunEvent.Resumed _ -> what(line, "resumed", Style.BOLD).add("new jobs are drawn again");
            case RunEvent.Trouble trouble -> what(line, "trouble", Style.YELLOW).add(trouble.message());
            case RunEvent.Stopping stopping ->
                what(line, "stopping", Style.YELLOW).add(stopping.reason());
        }
        return line;
    }

    private static void started(StyledLine line, RunEvent.Started started) {
        line.add(started.name(), Style.BOLD)
                .add("  %s @ %s".formatted(started.repository(), started.root()))
                .add("  experiment "
                        + started.experiment()
                                .substring(0, Math.min(8, started.experiment().length())))
                .add(
                        started.resumed()
                                ? ", continued after %s jobs".formatted(Numbers.count(started.jobsSoFar()))
                                : ", new")
                .add("  " + started.database(), Style.DIM);
    }

    private static StyledLine what(StyledLine line, String word, Style style) {
        return line.add(word, style).padTo(CLOCK + WHAT + 1);
    }
}

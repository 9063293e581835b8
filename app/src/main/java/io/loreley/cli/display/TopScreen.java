package io.loreley.cli.display;

import io.loreley.domain.ExperimentStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An experiment on a screen of its own, drawn over and over; when it is closed, the terminal shows again what it showed
 * before. Lines end in a carriage return as well, for a terminal that is read key by key adds none. All methods may be
 * called by any thread.
 */
public final class TopScreen implements AutoCloseable {

    private static final String OTHER_SCREEN = LiveRegion.ESCAPE + "?1049h";
    private static final String FIRST_SCREEN = LiveRegion.ESCAPE + "?1049l";
    private static final String TO_THE_TOP = LiveRegion.ESCAPE + "H";
    private static final String END_OF_LINE = LiveRegion.ESCAPE + "K\r\n";
    private static final Duration RATE_WINDOW = Duration.ofMinutes(2);

    private final PrintStream out;
    private final Supplier<Optional<TerminalSize>> size;
    private final boolean colours;
    private final InstantSource clock;
    private final Deque<Count> counts = new ArrayDeque<>();
    private @Nullable Overview overview;
    private @Nullable String complaint;
    private boolean open = true;

    private record Count(Instant at, long finished) {}

    private TopScreen(PrintStream out, Supplier<Optional<TerminalSize>> size, boolean colours, InstantSource clock) {
        this.out = out;
        this.size = size;
        this.colours = colours;
        this.clock = clock;
    }

    public static TopScreen open(
            PrintStream out, Supplier<Optional<TerminalSize>> size, boolean colours, InstantSource clock) {
        out.print(OTHER_SCREEN + LiveRegion.HIDE_CURSOR);
        out.flush();
        return new TopScreen(out, size, colours, clock);
    }

    /** Takes the newest state, and draws it. */
    public synchronized void show(Overview newest) {
        overview = newest;
        complaint = null;
        Instant now = clock.instant();
        counts.add(new Count(now, newest.status().jobs().finished()));
        while (counts.size() > 2 && counts.getFirst().at().isBefore(now.minus(RATE_WINDOW))) {
            counts.removeFirst();
        }
        paint();
    }

    /** Says why what is shown grows old. */
    public synchronized void complain(String message) {
        complaint = message;
    }

    /** Draws one frame. */
    public synchronized void paint() {
        Overview shown = overview;
        if (!open || shown == null) {
            return;
        }
        size.get().ifPresent(terminal -> {
            StringBuilder screen = new StringBuilder(TO_THE_TOP);
            for (StyledLine line : lines(shown, terminal.rows() - 1)) {
                screen.append(line.render(terminal.columns(), colours)).append(END_OF_LINE);
            }
            out.print(screen.append(LiveRegion.ERASE_BELOW));
            out.flush();
        });
    }

    /** As many as fit; the jobs at work give way first. */
    private List<StyledLine> lines(Overview shown, int rows) {
        List<StyledLine> lines = new ArrayList<>();
        lines.add(TopText.heading(shown));
        lines.add(new StyledLine());
        lines.addAll(StatusText.body(shown.status(), rate(shown.status())));
        lines.addAll(TopText.workers(shown));
        lines.addAll(TopText.work(shown));
        List<StyledLine> jobs = TopText.jobs(shown, clock.instant());
        lines.addAll(jobs.subList(0, Math.clamp(rows - 2L - lines.size(), 0, jobs.size())));
        lines = new ArrayList<>(lines.subList(0, Math.clamp(rows - 2L, 0, lines.size())));
        lines.add(new StyledLine());
        lines.add(
                complaint == null
                        ? StyledLine.of(shown.server() + "  ·  q ends", Style.DIM)
                        : StyledLine.of(complaint + "; trying again  ·  q ends", Style.RED));
        return lines;
    }

    /** Jobs a minute while they were watched; over the experiment's life until that says something. */
    private double rate(ExperimentStatus status) {
        Count first = counts.getFirst();
        Count last = counts.getLast();
        Duration watched = Duration.between(first.at(), clock.instant());
        return last.finished() == first.finished() || watched.toSeconds() < 10
                ? StatusText.rate(status)
                : (last.finished() - first.finished()) * 60_000.0 / watched.toMillis();
    }

    /** Gives the terminal back. Safe to call twice. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            out.print(LiveRegion.SHOW_CURSOR + FIRST_SCREEN);
            out.flush();
        }
    }
}

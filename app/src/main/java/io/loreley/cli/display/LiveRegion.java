package io.loreley.cli.display;

import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.FailureKind;
import io.loreley.domain.RunEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A region at the bottom of a terminal that is drawn over and over, with the run's memorable events scrolling above it.
 * Nothing is drawn but by {@link #paint}, which its owner calls; all methods may be called by any thread.
 *
 * <p>Each frame goes up by the rows that the last one takes at the terminal's present width, so that a resize in between
 * leaves nothing behind. Lines are cut to the width and never wrap. Each is erased as it is written over, never all at
 * once: some terminals keep a screen that is erased from its top in their history.
 */
public final class LiveRegion {

    static final String ESCAPE = "\u001b[";
    static final String HIDE_CURSOR = ESCAPE + "?25l";
    static final String SHOW_CURSOR = ESCAPE + "?25h";
    static final String ERASE_BELOW = ESCAPE + "J";
    private static final String END_OF_LINE = ESCAPE + "K\n";
    private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static final Duration RATE_WINDOW = Duration.ofMinutes(1);
    private static final int LONGEST_EVENT = 3; // rows
    private static final int LOUD_FAILURES = 3; // of each kind; later ones are only counted

    private final PrintStream out;
    private final Supplier<Optional<TerminalSize>> size;
    private final boolean colours;
    private final InstantSource clock;
    private String goal;
    private final Instant start;

    private final Deque<StyledLine> above = new ArrayDeque<>();
    private final Deque<Instant> ends = new ArrayDeque<>();
    private final Map<FailureKind, Integer> failures = new EnumMap<>(FailureKind.class);
    private List<Integer> drawnWidths = List.of();
    private @Nullable ExperimentStatus status;
    private @Nullable String activity = "starting";
    private int frame;
    private boolean open = true;

    /**
     * Nothing is drawn yet.
     *
     * @param size empty once the terminal is gone; then the last frame stays
     */
    public LiveRegion(
            PrintStream out, Supplier<Optional<TerminalSize>> size, boolean colours, InstantSource clock, String goal) {
        this.out = out;
        this.size = size;
        this.colours = colours;
        this.clock = clock;
        this.goal = goal;
        this.start = clock.instant();
    }

    synchronized void about(String other) {
        goal = other;
    }

    synchronized void on(RunEvent event) {
        switch (event) {
            case RunEvent.Started _ -> {
                activity = null;
                above.add(line(event));
            }
            case RunEvent.Serving _,
                    RunEvent.Loose _,
                    RunEvent.StandingBy _,
                    RunEvent.RootEvaluated _,
                    RunEvent.BestImproved _,
                    RunEvent.HeldOut _,
                    RunEvent.JobReturned _,
                    RunEvent.DrawingPaused _,
                    RunEvent.Paused _,
                    RunEvent.Resumed _,
                    RunEvent.Trouble _ -> above.add(line(event));
            case RunEvent.Stopping stopping -> {
                activity = "stopping: " + stopping.reason();
                above.add(line(event));
            }
            case RunEvent.JobFailed failed -> {
                ends.add(clock.instant());
                if (failures.merge(failed.kind(), 1, Integer::sum) <= LOUD_FAILURES) {
                    above.add(line(event));
                }
            }
            case RunEvent.JobSucceeded _, RunEvent.JobRejected _, RunEvent.JobHeldOut _ -> ends.add(clock.instant());
            case RunEvent.JobStarted _, RunEvent.StageEntered _, RunEvent.Placed _ -> {}
        }
    }

    synchronized void show(ExperimentStatus newest) {
        status = newest;
    }

    /** Draws one frame. */
    synchronized void paint() {
        if (open) {
            size.get().ifPresent(terminal -> draw(terminal, region(terminal)));
        }
    }

    synchronized void finish(EndReport report) {
        if (open) {
            size.get().ifPresent(terminal -> draw(terminal, List.of()));
            out.println();
            ReportText.of(report).forEach(line -> out.println(line.render(Integer.MAX_VALUE, colours)));
        }
        close();
    }

    /** Gives the cursor back; nothing is drawn any more. */
    synchronized void close() {
        if (open) {
            open = false;
            out.print(SHOW_CURSOR);
            out.flush();
        }
    }

    private StyledLine line(RunEvent event) {
        return EventText.of(event, Duration.between(start, clock.instant()));
    }

    private void draw(TerminalSize terminal, List<StyledLine> region) {
        int columns = Math.max(10, terminal.columns() - 1);
        StringBuilder screen = new StringBuilder(HIDE_CURSOR).append('\r');
        int rows = drawnWidths.stream()
                .mapToInt(width -> Math.max(1, Math.ceilDiv(width, terminal.columns())))
                .sum();
        if (rows > 0) {
            screen.append(ESCAPE).append(Math.min(rows, terminal.rows() - 1)).append('A');
        }
        for (StyledLine line; (line = above.poll()) != null; ) {
            int width = Math.min(line.width(), columns * LONGEST_EVENT);
            screen.append(line.render(width, colours));
            // Past a full row the cursor still stands on its last character, which must not be erased.
            screen.append(width > 0 && width % terminal.columns() == 0 ? "\n" : END_OF_LINE);
        }
        List<Integer> widths = new ArrayList<>();
        for (StyledLine line : region) {
            screen.append(line.render(columns, colours)).append(END_OF_LINE);
            widths.add(Math.min(columns, line.width()));
        }
        screen.append(ERASE_BELOW);
        drawnWidths = List.copyOf(widths);
        out.print(screen);
        out.flush();
    }

    private List<StyledLine> region(TerminalSize terminal) {
        List<StyledLine> lines = new ArrayList<>();
        lines.add(new StyledLine());
        lines.add(heading());
        if (status != null) {
            lines.addAll(StatusText.body(status, rate()));
        }
        return lines.subList(0, Math.min(lines.size(), Math.max(1, terminal.rows() - 2)));
    }

    private StyledLine heading() {
        StyledLine line = new StyledLine()
                .add(String.valueOf(SPINNER.charAt(frame++ % SPINNER.length())), Style.CYAN)
                .add(" ");
        line.add(Numbers.clock(Duration.between(start, clock.instant())), Style.DIM)
                .add("  ");
        if (activity != null) {
            line.add(activity, Style.YELLOW).add("  ");
        }
        if (status != null) {
            line.add(status.name(), Style.BOLD).add("  ");
        }
        return line.add(goal.strip(), Style.DIM);
    }

    /** Jobs a minute over the last minute of this process. */
    private double rate() {
        Instant now = clock.instant();
        while (!ends.isEmpty() && ends.peek().isBefore(now.minus(RATE_WINDOW))) {
            ends.poll();
        }
        Duration since = Duration.between(start, now);
        Duration window = since.compareTo(RATE_WINDOW) < 0 ? since : RATE_WINDOW;
        return window.isZero() ? 0 : ends.size() * 60_000.0 / window.toMillis();
    }
}

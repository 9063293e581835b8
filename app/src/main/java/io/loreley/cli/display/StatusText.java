package io.loreley.cli.display;

import io.loreley.domain.ExperimentStatus;
import io.loreley.domain.ExperimentStatus.BudgetUse;
import io.loreley.domain.ExperimentStatus.Jobs;
import io.loreley.domain.ExperimentStatus.Score;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Objective;
import io.loreley.domain.Spending;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** An experiment's status as the lines that a person reads: in the live region, and from {@code loreley status}. */
public final class StatusText {

    static final int LABEL = 9;
    private static final int SPARKLINE = 24;
    private static final int BAR = 24;
    private static final int HEADING = 110;

    private StatusText() {}

    /** The lines, each as long as it is, but for a long goal. */
    public static List<String> lines(ExperimentStatus status, String goal, Overview.State state, boolean colours) {
        List<String> lines = new ArrayList<>();
        lines.add(heading(status, goal).render(HEADING, colours));
        lines.add(label("state")
                .add(words(state), state.style)
                .add(state == Overview.State.PAUSED ? ": `loreley resume` goes on" : "")
                .render(Integer.MAX_VALUE, colours));
        body(status, rate(status)).forEach(line -> lines.add(line.render(Integer.MAX_VALUE, colours)));
        return lines;
    }

    static StyledLine heading(ExperimentStatus status, String goal) {
        StyledLine line = StyledLine.of(status.name(), Style.BOLD);
        return goal.isBlank() ? line : line.add("  ").add(goal.strip(), Style.DIM);
    }

    static List<StyledLine> body(ExperimentStatus status, double jobsPerMinute) {
        List<StyledLine> lines = new ArrayList<>();
        lines.add(best(status));
        if (status.noise() != null) {
            lines.add(label("noise")
                    .add(
                            "± %s a measurement (%d of the root)"
                                    .formatted(
                                            Numbers.plain(status.noise().deviation()),
                                            status.noise().samples()),
                            Style.DIM));
        }
        ExperimentStatus.Holdout holdout = status.holdout();
        if (holdout != null) {
            lines.add(label("hold-out").add(holdout.describe(), holdout.isClean() ? Style.PLAIN : Style.YELLOW));
        }
        lines.add(jobs(status, jobsPerMinute));
        lines.add(cells(status));
        lines.add(budget(status.budget(), status));
        if (!status.spending().isEmpty()) {
            lines.add(cost(status));
        }
        if (!status.failures().isEmpty()) {
            lines.add(label("failed").add(failures(status), Style.YELLOW));
        }
        return lines;
    }

    /** Jobs per minute over the experiment's life. */
    static double rate(ExperimentStatus status) {
        double minutes = status.elapsed().toMillis() / 60_000.0;
        return minutes > 0 ? status.jobs().finished() / minutes : 0;
    }

    private static StyledLine best(ExperimentStatus status) {
        Objective objective = status.objective();
        StyledLine line = label("best");
        Score best = status.best();
        if (best == null) {
            return line.add("nothing measured yet", Style.DIM);
        }
        line.add(objective.metric() + " ").add(Numbers.plain(best.value()), Style.BOLD);
        Score root = status.root();
        if (root != null && root.value() != best.value()) {
            line.add("  ").add(change(root.value(), best.value(), objective), Style.GREEN);
        }
        String history = Sparkline.of(status.history(), status.jobs().finished(), objective.direction(), SPARKLINE);
        if (!history.isEmpty()) {
            line.add("  ").add(history, Style.CYAN);
        }
        return line.add("  ").add(best.commit().abbreviated(), Style.YELLOW).add(" " + best.subject(), Style.DIM);
    }

    static String change(double from, double to, Objective objective) {
        String way = objective.direction().higherIsBetter() ? "" : ", lower is better";
        String percent = Numbers.change(from, to);
        return Numbers.signed(to - from) + (percent.isEmpty() ? "" : " (" + percent + way + ")");
    }

    private static StyledLine jobs(ExperimentStatus status, double jobsPerMinute) {
        Jobs jobs = status.jobs();
        StyledLine line = label("jobs").add(Numbers.count(jobs.succeeded()) + " done");
        line.add(" · " + Numbers.count(jobs.running()) + " running");
        if (jobs.pending() + jobs.queued() > 0) {
            line.add(" · " + Numbers.count(jobs.pending() + jobs.queued()) + " waiting");
        }
        if (jobs.failed() > 0) {
            line.add(" · ").add(Numbers.count(jobs.failed()) + " failed", Style.RED);
        }
        if (jobs.cancelled() > 0) {
            line.add(" · " + Numbers.count(jobs.cancelled()) + " cancelled");
        }
        return jobsPerMinute > 0
                ? line.add(String.format(Locale.ROOT, "  %.1f a minute", jobsPerMinute), Style.DIM)
                : line;
    }

    private static StyledLine cells(ExperimentStatus status) {
        return label("cells")
                .add("%s of %s".formatted(Numbers.count(status.elites()), Numbers.count(status.cells())))
                .add(" · coverage " + Numbers.percent(status.coverage()))
                .add(" · QD score " + Numbers.plain(status.qdScore()));
    }

    private static StyledLine budget(BudgetUse budget, ExperimentStatus status) {
        Long jobLimit = budget.jobLimit();
        boolean timed = budget.timeLimit() != null;
        Double costLimit = budget.costLimit();
        Long tokenLimit = budget.tokenLimit();
        if (jobLimit == null && !timed && costLimit == null && tokenLimit == null) {
            return label("budget").add("no end · %s so far".formatted(Numbers.clock(status.elapsed())), Style.DIM);
        }
        List<String> limits = new ArrayList<>();
        double used = 0;
        if (jobLimit != null) {
            limits.add("%s of %s jobs".formatted(Numbers.count(budget.drawn()), Numbers.count(jobLimit)));
            used = (double) budget.drawn() / jobLimit;
        }
        if (budget.timeLimit() != null) {
            limits.add("%s of %s".formatted(Numbers.clock(budget.timeUsed()), Numbers.clock(budget.timeLimit())));
            used = Math.max(
                    used,
                    (double) budget.timeUsed().toMillis()
                            / Math.max(1, budget.timeLimit().toMillis()));
        }
        if (costLimit != null) {
            double cost = status.spent().costUsd();
            limits.add("%s of %s".formatted(Numbers.dollars(cost), Numbers.dollars(costLimit)));
            used = Math.max(used, cost / costLimit);
        }
        if (tokenLimit != null) {
            long tokens = status.spent().tokens();
            limits.add("%s of %s tokens".formatted(Numbers.count(tokens), Numbers.count(tokenLimit)));
            used = Math.max(used, (double) tokens / tokenLimit);
        }
        int full = Math.clamp(Math.round(used * BAR), 0, BAR);
        return label("budget")
                .add("━".repeat(full), Style.CYAN)
                .add("─".repeat(BAR - full), Style.DIM)
                .add("  " + String.join(" · ", limits));
    }

    /** What agents cost, each of several by itself. */
    static StyledLine cost(ExperimentStatus status) {
        StyledLine line = label("cost").add(words(status.spent()));
        Double each = status.costPerImprovement();
        if (each != null && status.spent().costUsd() > 0) {
            line.add(" · %s an improvement".formatted(Numbers.dollars(each)));
        }
        if (status.spending().size() > 1) {
            line.add(
                    status.spending().entrySet().stream()
                            .map(agent -> "%s %s".formatted(agent.getKey(), price(agent.getValue())))
                            .collect(Collectors.joining(", ", "  (", ")")),
                    Style.DIM);
        }
        return line;
    }

    private static String words(Spending spent) {
        return "%s · %s tokens, %s of them cached"
                .formatted(price(spent), Numbers.count(spent.tokens()), Numbers.count(spent.cachedInputTokens()));
    }

    /** Unknown is not nothing. */
    private static String price(Spending spent) {
        if (spent.isPriced()) {
            return Numbers.dollars(spent.costUsd());
        }
        return spent.unpricedCalls() == spent.calls()
                ? "price unknown"
                : "%s and %s calls of unknown price"
                        .formatted(Numbers.dollars(spent.costUsd()), Numbers.count(spent.unpricedCalls()));
    }

    /** {@code evaluator timeout 2, no change 1}; the commonest first. */
    static String failures(ExperimentStatus status) {
        return status.failures().entrySet().stream()
                .sorted(Map.Entry.<FailureKind, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> "%s %s".formatted(words(entry.getKey()), Numbers.count(entry.getValue())))
                .collect(Collectors.joining(", "));
    }

    static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static StyledLine label(String text) {
        return new StyledLine().add("  ").add(text, Style.DIM).padTo(2 + LABEL);
    }
}

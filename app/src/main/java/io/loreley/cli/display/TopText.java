package io.loreley.cli.display;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** An experiment with all that works on it, as {@code loreley top} shows it. */
public final class TopText {

    private static final int NAME = 12;
    private static final int STAGE = 12;
    private static final int BASE = 10;
    private static final int HASH = 7;
    private static final int CLOCK = 9;

    private TopText() {}

    /** The lines of one look. */
    public static List<String> lines(Overview overview, boolean colours) {
        List<StyledLine> lines =
                new ArrayList<>(StatusText.body(overview.status(), StatusText.rate(overview.status())));
        lines.addFirst(heading(overview));
        lines.addAll(work(overview));
        lines.addAll(workers(overview));
        return lines.stream()
                .map(line -> line.render(Integer.MAX_VALUE, colours))
                .toList();
    }

    static StyledLine heading(Overview overview) {
        return StyledLine.of(overview.status().name(), Style.BOLD)
                .add("  ")
                .add(StatusText.words(overview.state()), overview.state().style)
                .add("  ")
                .add(overview.goal().strip(), Style.DIM);
    }

    /** How many jobs are in each stage; nothing while none is. */
    static List<StyledLine> work(Overview overview) {
        if (overview.running().isEmpty()) {
            return List.of();
        }
        Map<String, Long> stages = overview.running().stream()
                .collect(Collectors.groupingBy(job -> stage(job.stage()), LinkedHashMap::new, Collectors.counting()));
        return List.of(StatusText.label("at work")
                .add(stages.entrySet().stream()
                        .map(each -> "%s %s".formatted(Numbers.count(each.getValue()), each.getKey()))
                        .collect(Collectors.joining(" · "))));
    }

    /** A line a job. */
    static List<StyledLine> jobs(Overview overview, Instant now) {
        return overview.running().stream()
                .map(job -> new StyledLine()
                        .add("    " + job.name())
                        .padTo(4 + NAME)
                        .add(stage(job.stage()), Style.CYAN)
                        .padTo(4 + NAME + STAGE)
                        .add(job.base().substring(0, Math.min(HASH, job.base().length())), Style.YELLOW)
                        .padTo(4 + NAME + STAGE + BASE)
                        .add(job.since() == null ? "" : Numbers.seconds(Duration.between(job.since(), now)))
                        .padTo(4 + NAME + STAGE + BASE + CLOCK)
                        .add(job.worker(), Style.DIM))
                .toList();
    }

    static List<StyledLine> workers(Overview overview) {
        if (overview.workers().isEmpty()) {
            return List.of();
        }
        Map<String, Long> states = overview.workers().stream()
                .collect(Collectors.groupingBy(Overview.Worker::state, LinkedHashMap::new, Collectors.counting()));
        int slots = overview.workers().stream()
                .filter(worker -> worker.state().equals("alive"))
                .mapToInt(Overview.Worker::slots)
                .sum();
        return List.of(StatusText.label("workers")
                .add(states.entrySet().stream()
                        .map(each -> "%s %s".formatted(Numbers.count(each.getValue()), each.getKey()))
                        .collect(Collectors.joining(" · ")))
                .add(String.format(Locale.ROOT, " · %s %s", Numbers.count(slots), slots == 1 ? "slot" : "slots"))
                .add("  " + names(overview.workers()), Style.DIM));
    }

    private static String names(List<Overview.Worker> workers) {
        return workers.stream().map(Overview.Worker::name).collect(Collectors.joining(", "));
    }

    private static String stage(String stage) {
        return switch (stage.toLowerCase(Locale.ROOT)) {
            case "" -> "starting";
            case "work_tree" -> "preparing";
            case "plan" -> "planning";
            case "code" -> "coding";
            case "evaluate" -> "evaluating";
            default -> stage;
        };
    }
}

package io.loreley.examples.packing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The agent: reads the packing in the current folder, looks for a better one near it and in parts of the inspirations'
/// packings, and writes it back. The prompt on standard input is for language models, and left unread.
///
/// `--polish 2s` says how long to look. The request's seed fixes every choice; how many choices there is time for
/// depends on the machine, and so does the result.
public final class Pack {

    /// Part of the request's time limit that the search may take; the rest is for starting and writing.
    private static final double TIME_SHARE = 0.7;

    private static final Pattern SECONDS = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)s");
    private static final int SHORT_HASH = 8;
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_MISUSED = 2;

    private Pack() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String request = System.getenv("LORELEY_REQUEST");
        String result = System.getenv("LORELEY_RESULT");
        Optional<Duration> polish = polishTime(List.of(args));
        if (request == null || result == null || polish.isEmpty()) {
            System.err.println("usage: Pack [--polish 2s], with LORELEY_REQUEST and LORELEY_RESULT set to files");
            System.exit(EXIT_MISUSED);
            return;
        }
        try {
            Request read = Request.parse(Files.readString(Path.of(request)));
            long limit = (long) (TIME_SHARE * read.timeLimit().toNanos());
            long time = Math.min(polish.get().toNanos(), limit);
            Json.Obj report = improve(Path.of("").toAbsolutePath(), read, () -> System.nanoTime() - start > time);
            Files.writeString(Path.of(result), report.text() + "\n");
        } catch (IllegalArgumentException | MalformedPacking e) {
            System.err.println("Pack: " + e.getMessage());
            System.exit(EXIT_FAILED);
        }
    }

    /// What `--polish` says, two seconds without it; empty if the arguments say anything else.
    static Optional<Duration> polishTime(List<String> args) {
        if (args.isEmpty()) {
            return Optional.of(Duration.ofSeconds(2));
        }
        if (args.size() != 2 || !args.getFirst().equals("--polish")) {
            return Optional.empty();
        }
        Matcher seconds = SECONDS.matcher(args.get(1));
        return seconds.matches()
                ? Optional.of(Duration.ofMillis((long) (1000 * Double.parseDouble(seconds.group(1)))))
                : Optional.empty();
    }

    private static Json.Obj improve(Path workTree, Request request, BooleanSupplier stop)
            throws IOException, InterruptedException {
        Path file = workTree.resolve(Packing.FILE);
        Layout base = Packing.read(file).toLayout();
        if (base.size() != ExactCheck.CIRCLES) {
            throw new MalformedPacking("expected %d circles, found %d".formatted(ExactCheck.CIRCLES, base.size()));
        }
        Search search = new Search(new SplittableRandom(request.seed()), stop);
        Mutation.Mutant found = search.run(base, mates(workTree, request));
        Packing packing = found.layout()
                .snap()
                .orElseThrow(() -> new MalformedPacking("the packing found has overlaps that are not rounding"));
        Files.writeString(file, packing.toText());
        double sum = packing.sumOfRadii().doubleValue();
        String summary = "%s: %.9f → %.9f".formatted(found.change(), base.sumOfRadii(), sum);
        return Json.object().with("summary", summary).with("commit_message", "Pack 26 circles to %.9f".formatted(sum));
    }

    private static List<Mutation.Mate> mates(Path workTree, Request request) throws InterruptedException {
        Repository repository = new Repository(workTree);
        List<Mutation.Mate> mates = new ArrayList<>();
        for (String commit : request.inspirations()) {
            Optional<Packing> packing = repository.packingOf(commit);
            if (packing.isEmpty()) {
                System.err.println("Pack: no packing in inspiration " + commit + ", going on without it");
            } else {
                mates.add(new Mutation.Mate(packing.get().toLayout(), commit.substring(0, SHORT_HASH)));
            }
        }
        return mates;
    }
}

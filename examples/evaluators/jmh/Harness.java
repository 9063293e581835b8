import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Times a loop and writes what it found as JMH would, to the file that {@code -rff} names. */
class Harness {

    private static final int WARM_UP = 20;
    private static final int RUNS = 10;

    public static void main(String[] arguments) throws Exception {
        int size = (int) Double.parseDouble(Files.readString(Path.of("size.txt")).strip());
        double[] times = new double[RUNS];
        double sum = 0;
        for (int run = -WARM_UP; run < RUNS; run++) {
            long start = System.nanoTime();
            for (int i = 1; i < size; i++) {
                sum += Math.sqrt(i);
            }
            if (run >= 0) {
                times[run] = (System.nanoTime() - start) / 1e3;
            }
        }
        String raw = Arrays.stream(times).mapToObj(Double::toString).collect(Collectors.joining(", "));
        String json = "[{\"benchmark\": \"example.Harness.loop\", \"mode\": \"avgt\", \"primaryMetric\": {\"score\": %s, "
                        .formatted(Arrays.stream(times).average().orElseThrow())
                + "\"scoreUnit\": \"us/op\", \"rawData\": [[%s]]}}]".formatted(raw);
        int file = Arrays.asList(arguments).indexOf("-rff") + 1;
        Files.writeString(Path.of(arguments[file]), json);
        System.out.println(sum);
    }
}

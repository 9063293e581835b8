package io.loreley.examples.sorting;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// The evaluator: compiles the `Sort.java` of the current folder, sorts rows of many shapes with it, and writes how
/// many
/// operations that took, as JSON, to the file named by the environment variable `LORELEY_RESULT`. A sort that does not
/// compile, does not end or does not sort has no metrics: exit code 1, and standard error says what is wrong.
public final class Evaluate {

    /// What all rows may take together; the sort that the search starts from takes a sixth of it.
    static final long MOST_OPERATIONS = 300_000;

    private static final List<Integer> SIZES = List.of(0, 1, 2, 3, 10, 100, 300);

    private Evaluate() {}

    public static void main(String[] args) throws IOException {
        String result = System.getenv("LORELEY_RESULT");
        if (result == null) {
            System.err.println("Evaluate: set LORELEY_RESULT to the file that takes the result.");
            System.exit(2);
            return;
        }
        try {
            Files.writeString(Path.of(result), evaluate(Path.of("")) + "\n");
        } catch (UnfitSort e) {
            System.err.println("Unfit sort: " + e.getMessage());
            System.exit(1);
        }
    }

    /// The metrics of the sort in a folder, as JSON.
    ///
    /// @throws UnfitSort if it has none
    static String evaluate(Path folder) throws IOException {
        Path classes = Files.createTempDirectory("sorting-");
        try {
            compile(folder, classes);
            Count count = new Count();
            run(classes, count);
            return """
                    {"summary": "%,d comparisons and %,d exchanges",
                     "metrics": [
                       {"name": "operations", "value": %d, "direction": "minimize"},
                       {"name": "comparisons", "value": %d, "direction": "minimize"},
                       {"name": "exchanges", "value": %d, "direction": "minimize"}]}""".formatted(
                            count.comparisons,
                            count.exchanges,
                            count.comparisons + count.exchanges,
                            count.comparisons,
                            count.exchanges);
        } finally {
            delete(classes);
        }
    }

    private static void compile(Path folder, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new UnfitSort("this Java has no compiler: run the evaluator on a JDK");
        }
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of("-proc:none", "-nowarn", "-d", classes.toString()),
                            null,
                            files.getJavaFileObjects(folder.resolve("Sort.java"), folder.resolve("Cells.java")))
                    .call();
            if (!compiled) {
                throw new UnfitSort("it does not compile. " + messages);
            }
        }
    }

    private static void run(Path classes, Count count) throws IOException {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            Class<?> cells = loader.loadClass("Cells");
            Method sort = loader.loadClass("Sort").getDeclaredMethod("sort", cells);
            sort.setAccessible(true);
            for (int[] row : rows()) {
                int[] sorted = row.clone();
                Arrays.sort(sorted);
                sort.invoke(null, cells(cells, loader, row, count));
                if (!Arrays.equals(row, sorted)) {
                    throw new UnfitSort("it does not sort a row of %d".formatted(row.length));
                }
            }
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof UnfitSort unfit ? unfit : new UnfitSort("it throws " + e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new UnfitSort("it has no method sort(Cells): " + e);
        }
    }

    private static Object cells(Class<?> type, ClassLoader loader, int[] row, Count count) {
        return Proxy.newProxyInstance(
                loader, new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "size" -> row.length;
                    case "less" -> {
                        count.compare();
                        yield row[(int) arguments[0]] < row[(int) arguments[1]];
                    }
                    case "swap" -> {
                        count.exchange();
                        int i = (int) arguments[0];
                        int j = (int) arguments[1];
                        int kept = row[i];
                        row[i] = row[j];
                        row[j] = kept;
                        yield null;
                    }
                    default -> throw new UnfitSort("it calls " + method.getName());
                });
    }

    /// Random, ascending, descending, and with few values; the same at every run.
    private static List<int[]> rows() {
        Random random = new Random(26);
        return SIZES.stream()
                .flatMap(size -> List.of(
                        random.ints(size, 0, 1_000_000).toArray(),
                        random.ints(size, 0, 5).toArray(),
                        IntStream.range(0, size).toArray(),
                        IntStream.range(0, size).map(i -> size - i).toArray())
                        .stream())
                .toList();
    }

    private static void delete(Path folder) {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Operations so far.
    private static final class Count {

        private long comparisons;
        private long exchanges;

        void compare() {
            comparisons++;
            check();
        }

        void exchange() {
            exchanges++;
            check();
        }

        private void check() {
            if (comparisons + exchanges > MOST_OPERATIONS) {
                throw new UnfitSort("it takes more than %,d operations".formatted(MOST_OPERATIONS));
            }
        }
    }
}

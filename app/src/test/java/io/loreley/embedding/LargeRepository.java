package io.loreley.embedding;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes a bare Git repository with the shape of a real large Java one: files whose lengths are log-normal (median 3.4 kB,
 * mean 6 kB: 11,404 files have 69 MB), packages some eight folders deep, identifiers that some files share, comments, and a
 * history in which each commit changes four files by a few lines. The same arguments give the same objects.
 */
final class LargeRepository {

    /** The logarithm of the median length, in bytes, and its spread. */
    private static final double LOG_MEDIAN = 8.13;

    private static final double LOG_SPREAD = 1.06;
    private static final int LONGEST = 400_000;
    private static final int CHANGED_FILES = 4;
    private static final String[] WORDS = {
        "index",
        "shard",
        "node",
        "cluster",
        "query",
        "parser",
        "request",
        "response",
        "builder",
        "context",
        "field",
        "mapper",
        "action",
        "transport",
        "client",
        "service",
        "settings",
        "value",
        "bucket",
        "aggregation",
        "merge",
        "segment",
        "reader",
        "writer",
        "snapshot",
        "restore",
        "token",
        "filter",
        "analyzer",
        "score",
        "routing",
        "state"
    };

    private final int files;

    private LargeRepository(int files) {
        this.files = files;
    }

    /**
     * Makes one.
     *
     * @param commits after the first
     */
    static void make(Path folder, int files, int commits) throws IOException, InterruptedException {
        run(folder, List.of("git", "init", "-q", "--bare", "-b", "main", folder.toString()));
        Process process = new ProcessBuilder("git", "-C", folder.toString(), "fast-import", "--quiet")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream out = new BufferedOutputStream(process.getOutputStream(), 1 << 20)) {
            new LargeRepository(files).write(out, commits);
        }
        require(process);
    }

    private void write(OutputStream out, int commits) throws IOException {
        commit(out, 0);
        for (int file = 0; file < files; file++) {
            modify(out, file, text(file));
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int commit = 1; commit <= commits; commit++) {
            commit(out, commit);
            for (int i = 0; i < CHANGED_FILES; i++) {
                int file = random.nextInt(files);
                String edit = "\n  private int edit%d() {\n    return %s(%d);\n  }\n"
                        .formatted(commit, name(random), random.nextInt(1000));
                modify(out, file, text(file) + edit);
            }
        }
    }

    private static void commit(OutputStream out, int number) throws IOException {
        print(
                out,
                "commit refs/heads/main\ncommitter Ada <ada@example.org> %d +0000\ndata 7\nchange\n\n"
                        .formatted(1_700_000_000 + 60 * number));
    }

    private void modify(OutputStream out, int file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        print(out, "M 100644 inline %s\ndata %d\n".formatted(path(file), bytes.length));
        out.write(bytes);
        out.write('\n');
    }

    private static String path(int file) {
        return "server/src/main/java/org/example/%s/%s/Type%d.java"
                .formatted(WORDS[file % WORDS.length], WORDS[file / WORDS.length % WORDS.length], file);
    }

    private static String text(int file) {
        SplittableRandom random = new SplittableRandom(file);
        double deviate = 0;
        for (int i = 0; i < 12; i++) {
            deviate += random.nextDouble() - 0.5;
        }
        int length = (int) Math.min(LONGEST, Math.exp(LOG_MEDIAN + LOG_SPREAD * deviate));
        StringBuilder text = new StringBuilder();
        text.append("/* A generated file. */\npackage org.example;\n\npublic final class Type%d {\n".formatted(file));
        while (text.length() < length) {
            text.append("\n  // %s the %s of a %s\n  %s %s(%s %s) {\n    return %s.%s(%s, %d);\n  }\n"
                    .formatted(
                            name(random),
                            name(random),
                            name(random),
                            name(random),
                            name(random),
                            name(random),
                            name(random),
                            name(random),
                            name(random),
                            name(random),
                            random.nextInt(100)));
        }
        return text.append("}\n").toString();
    }

    private static String name(SplittableRandom random) {
        String first = WORDS[random.nextInt(WORDS.length)];
        String second = WORDS[random.nextInt(WORDS.length)];
        return first + Character.toUpperCase(second.charAt(0)) + second.substring(1);
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        require(process);
    }

    private static void require(Process process) throws InterruptedException {
        if (process.waitFor() != 0) {
            throw new IllegalStateException("git ended with " + process.exitValue());
        }
    }
}

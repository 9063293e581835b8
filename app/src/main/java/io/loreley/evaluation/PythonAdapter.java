package io.loreley.evaluation;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.process.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * The scripts that run an evaluator which was written in Python for another system, and answer under Loreley's contract.
 * They need an interpreter of version 3.8 or newer and nothing else; {@code stand_ins} are used only where the packages
 * that such an evaluator imports are not installed.
 */
final class PythonAdapter {

    private static final String MAIN = "loreley_adapter.py";
    private static final List<String> FILES = List.of(
            MAIN,
            "stand_ins/openevolve/__init__.py",
            "stand_ins/openevolve/evaluation_result.py",
            "stand_ins/shinka/__init__.py",
            "stand_ins/shinka/core/__init__.py",
            "stand_ins/shinka/core/wrap_eval.py",
            "stand_ins/loreley/__init__.py",
            "stand_ins/loreley/core/__init__.py",
            "stand_ins/loreley/core/worker/__init__.py",
            "stand_ins/loreley/core/worker/evaluator.py");

    private final Path folder;

    PythonAdapter(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /**
     * The whole command for an evaluator.
     *
     * @param expand replaces the placeholders in the values of a setting
     */
    List<String> command(
            EvaluatorKind kind, PythonSettings python, BiFunction<String, List<String>, List<String>> expand) {
        List<String> line = new ArrayList<>(expand.apply("python.interpreter", python.interpreter()));
        // No byte code beside the candidate's or the evaluator's sources: neither is ours to write to.
        line.addAll(List.of("-B", folder.resolve(MAIN).toString(), kind.word()));
        String plugin = Objects.requireNonNull(python.plugin(), "the settings were checked");
        line.addAll(List.of(
                "--plugin", expand.apply("python.plugin", List.of(plugin)).getFirst()));
        if (python.program() != null) {
            line.addAll(List.of("--program", python.program()));
        }
        expand.apply("python.paths", python.paths()).forEach(path -> line.addAll(List.of("--path", path)));
        python.thresholds().forEach(threshold -> line.addAll(List.of("--threshold", threshold)));
        if (!python.arguments().isEmpty()) {
            line.add("--");
            line.addAll(expand.apply("python.arguments", python.arguments()));
        }
        return line;
    }

    /**
     * Writes the scripts wherever they differ from what they are to be, and removes what is beside them: a candidate runs as
     * the same user, and Python would load it. Any thread, and any process, may do so meanwhile.
     */
    void layOut() {
        try {
            Files.createDirectories(folder);
            removeStrangers();
            for (String name : FILES) {
                byte[] content = content(name);
                Path file = folder.resolve(name);
                if (!holds(file, content)) {
                    Files.createDirectories(Objects.requireNonNull(file.getParent()));
                    Path draft = Files.createTempFile(Objects.requireNonNull(folder.getParent()), ".adapter", null);
                    Files.write(draft, content);
                    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                        FileTree.delete(file);
                    }
                    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "the Python adapter cannot be laid out in %s: %s".formatted(folder, e.getMessage()),
                    e);
        }
    }

    private void removeStrangers() throws IOException {
        List<Path> strangers = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                String name = name(visited) + "/";
                if (visited.equals(folder) || FILES.stream().anyMatch(file -> file.startsWith(name))) {
                    return FileVisitResult.CONTINUE;
                }
                strangers.add(visited);
                return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!FILES.contains(name(file))) {
                    strangers.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        for (Path stranger : strangers) {
            FileTree.delete(stranger);
        }
    }

    private String name(Path file) {
        return EvaluatorFiles.slashed(folder.relativize(file));
    }

    private static boolean holds(Path file, byte[] content) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content);
    }

    private static byte[] content(String name) throws IOException {
        try (InputStream in = PythonAdapter.class.getResourceAsStream("python/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}

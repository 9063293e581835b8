package io.loreley.evaluation;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        layOut();
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

    /** Written anew wherever it differs: what another version left, or what a program did to it. */
    private void layOut() {
        try {
            for (String name : FILES) {
                byte[] content = content(name);
                Path file = folder.resolve(name);
                if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
                    continue;
                }
                Path parent = Objects.requireNonNull(file.getParent());
                Files.createDirectories(parent);
                Path draft = Files.createTempFile(parent, ".adapter", null);
                Files.write(draft, content);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "the Python adapter cannot be laid out in %s: %s".formatted(folder, e.getMessage()),
                    e);
        }
    }

    private static byte[] content(String name) throws IOException {
        try (InputStream in = PythonAdapter.class.getResourceAsStream("python/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}

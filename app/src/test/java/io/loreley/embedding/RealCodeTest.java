package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Loreley's own repository goes through cleanup and chunking: code, not samples made for the purpose. */
class RealCodeTest {

    private static final Path REPOSITORY = Path.of("..");

    @Test
    void java_without_comments_is_the_same_program() throws IOException {
        List<String> sources = new ArrayList<>();
        List<String> stripped = new ArrayList<>();
        for (Path file : files(".java")) {
            sources.add(Files.readString(file));
            stripped.add(Language.of(file.toString()).withoutComments(sources.getLast()));
        }

        assertThat(sources).hasSizeGreaterThan(200);
        assertThat(programs(stripped)).isEqualTo(programs(sources));
        assertThat(stripped).allSatisfy(source -> assertThat(source.lines()).noneMatch(line -> line.startsWith(" * ")));
    }

    @Test
    void every_file_is_divided_without_loss() throws IOException {
        var pipeline = new TextPipeline(new EmbeddingSettings(
                EmbeddingKind.HASHING, "model", null, 32, List.of(), List.of(), List.of(), 512, false, 40, 64));

        for (String ending : List.of(".java", ".sql", ".xml", ".md", ".yaml", ".json", ".sh")) {
            assertThat(files(ending)).allSatisfy(file -> {
                String whole = Files.readString(file);
                List<String> texts = pipeline.texts(Files.readAllBytes(file), Language.of(file.toString()));
                assertThat(String.join("", texts).replaceAll("\\s", "")).isEqualTo(whole.replaceAll("\\s", ""));
            });
        }
    }

    @Test
    void sql_without_comments_keeps_its_statements() throws IOException {
        assertThat(files(".sql")).isNotEmpty().allSatisfy(file -> {
            String stripped = Language.of(file.toString()).withoutComments(Files.readString(file));
            assertThat(stripped.lines()).noneMatch(line -> line.startsWith("--"));
            assertThat(stripped.lines().filter(line -> line.startsWith("CREATE")))
                    .containsExactlyElementsOf(Files.readString(file)
                            .lines()
                            .filter(line -> line.startsWith("CREATE"))
                            .toList());
        });
    }

    /** In these files all that is a comment, and nothing else, says GONE; KEPT is where a comment could be seen. */
    @Test
    void code_of_many_languages_loses_its_comments_and_nothing_else() throws IOException {
        var pipeline = new TextPipeline(new EmbeddingSettings(
                EmbeddingKind.HASHING, "model", null, 32, List.of(), List.of(), List.of(), 512, true, 40, 64));
        List<Path> snippets = files("").stream()
                .filter(file -> file.toString().contains("/cleanup/"))
                .toList();

        assertThat(snippets).hasSizeGreaterThan(12).allSatisfy(file -> {
            List<String> code = Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank() && !line.contains("GONE"))
                    .toList();
            String cleaned = String.join("", pipeline.texts(Files.readAllBytes(file), Language.of(file.toString())));
            assertThat(cleaned).doesNotContain("GONE");
            assertThat(cleaned.lines()).containsSubsequence(code);
            assertThat(cleaned.split("KEPT", -1))
                    .hasSameSizeAs(Files.readString(file).split("KEPT", -1));
        });
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(REPOSITORY)) {
            return all.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("/target/")
                            && !file.toString().contains("/.git"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    /** The syntax trees, printed, without the lines of documentation that the printer keeps. */
    private static List<List<String>> programs(List<String> sources) throws IOException {
        List<Source> files = sources.stream().map(Source::new).toList();
        var task = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, diagnostic -> {}, List.of(), null, files);
        List<List<String>> programs = new ArrayList<>();
        for (CompilationUnitTree program : task.parse()) {
            programs.add(program.toString()
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("/**") && !line.startsWith("*"))
                    .toList());
        }
        return programs;
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("string:///A.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}

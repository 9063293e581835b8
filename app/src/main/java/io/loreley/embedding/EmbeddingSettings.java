package io.loreley.embedding;

import io.loreley.domain.Limits;
import io.loreley.domain.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which files a commit's place in the behaviour space is computed from, and how. What changes the vectors defines the search. */
public record EmbeddingSettings(
        @Setting(
                doc =
                        "Who turns the text of a file into a vector: `hashing`, local and free, or `openai`, a model behind an "
                                + "OpenAI-compatible API (see `llm`).",
                fallback = "hashing")
        EmbeddingKind kind,

        @Setting(
                doc = "The model that `openai` asks.",
                fallback = "text-embedding-3-small",
                env = "MAPELITES_CODE_EMBEDDING_MODEL")
        String model,

        @Setting(doc = "Where that model is served, if not at `llm.base-url`.") @Nullable
        String baseUrl,

        @Setting(
                doc = "How many texts one request holds.",
                fallback = "32",
                min = 1,
                max = 2048,
                env = "MAPELITES_CODE_EMBEDDING_BATCH_SIZE")
        int batch,

        @Setting(
                doc = "Endings of the files that count, as .java or java; none for every text file.",
                fallback = "[]",
                env = "MAPELITES_PREPROCESS_ALLOWED_EXTENSIONS")
        List<String> extensions,

        @Setting(
                doc = "Names of files that count whatever their ending is, as Makefile.",
                fallback = "[]",
                env = "MAPELITES_PREPROCESS_ALLOWED_FILENAMES")
        List<String> names,

        @Setting(
                doc =
                        "Files that do not count: git's patterns, seen from the folder that is searched; `**` spans folders.",
                fallback =
                        "[tests/**, build/**, dist/**, \"**/node_modules/**\", \"**/__pycache__/**\", \"**/*.lock\", "
                                + "\"**/package-lock.json\", \"**/pnpm-lock.yaml\", \"**/go.sum\", \"**/*.min.js\", "
                                + "\"**/*.min.css\", \"**/*.map\"]",
                env = "MAPELITES_PREPROCESS_EXCLUDED_GLOBS")
        List<String> excluded,

        @Setting(
                doc = "Larger files do not count, in kilobytes.",
                fallback = "512",
                min = 1,
                max = 65536,
                env = "MAPELITES_PREPROCESS_MAX_FILE_SIZE_KB")
        int maxFileKilobytes,

        @Setting(doc = "Comments do not count.", fallback = "true", env = "MAPELITES_PREPROCESS_STRIP_COMMENTS")
        boolean stripComments,

        @Setting(
                doc = "Lines that are embedded as one text; a longer file is divided before definitions.",
                fallback = "80",
                min = 10,
                max = 10000,
                env = "MAPELITES_CHUNK_TARGET_LINES")
        int chunkLines,

        @Setting(
                doc = "How long the vector of a file is.",
                fallback = "256",
                min = 16,
                max = 4096,
                env = "MAPELITES_CODE_EMBEDDING_DIMENSIONS")
        int dimensions) {

    private static final int MODEL_CHARACTERS = 120;

    public EmbeddingSettings {
        Limits.requireText("model", model, MODEL_CHARACTERS);
        extensions = List.copyOf(extensions);
        names = List.copyOf(names);
        excluded = List.copyOf(excluded);
        if (maxFileKilobytes < 1 || chunkLines < 1 || dimensions < 1) {
            throw new IllegalArgumentException("files of %d kB, chunks of %d lines, %d dimensions"
                    .formatted(maxFileKilobytes, chunkLines, dimensions));
        }
    }

    /** What decides which files count and what their texts are; who embeds the texts is not part of it. */
    String treatment() {
        // The wording of the first version: stored sums are found by a digest of it.
        return "EmbeddingSettings[extensions=%s, names=%s, excluded=%s, maxFileKilobytes=%d, stripComments=%s, chunkLines=%d, dimensions=%d]"
                .formatted(extensions, names, excluded, maxFileKilobytes, stripComments, chunkLines, dimensions);
    }

    long maxFileBytes() {
        return maxFileKilobytes * 1024L;
    }
}

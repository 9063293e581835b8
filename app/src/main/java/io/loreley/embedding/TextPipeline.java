package io.loreley.embedding;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Makes the texts that are embedded out of the bytes of a file. Safe for many threads. */
final class TextPipeline {

    /** Raised whenever the same bytes give other texts than before: cached vectors are then worthless. */
    static final int VERSION = 2;

    /** Git's rule: a file with a zero byte among the first so many is not text. */
    private static final int SNIFFED_BYTES = 8_000;

    private static final Pattern LINE_END = Pattern.compile("\r\n?");

    private final boolean stripComments;
    private final Chunks chunks;

    TextPipeline(EmbeddingSettings settings) {
        this.stripComments = settings.stripComments();
        this.chunks = new Chunks(settings.chunkLines());
    }

    /** The chunks of a file, none of them blank; empty if the file is not text or says nothing. */
    List<String> texts(byte[] content, Language language) {
        if (isBinary(content)) {
            return List.of();
        }
        String text =
                LINE_END.matcher(new String(content, StandardCharsets.UTF_8)).replaceAll("\n");
        return chunks.of(stripComments ? language.withoutComments(text) : text);
    }

    private static boolean isBinary(byte[] content) {
        int end = Math.min(content.length, SNIFFED_BYTES);
        for (int i = 0; i < end; i++) {
            if (content[i] == 0) {
                return true;
            }
        }
        return false;
    }
}

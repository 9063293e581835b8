package io.loreley.embedding;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Contents that are embedded and written at one go: what is lost if the next one fails. Filled by one thread. */
final class FileBatch {

    /** The size of an ordinary text, in bytes: 80 lines of code. */
    private static final int TEXT_BYTES = 4096;

    private final int fullFiles;
    private final Map<FileContent, byte[]> contents = new LinkedHashMap<>();
    private long bytes;

    /**
     * @param texts of ordinary size that it should hold when it is full
     */
    FileBatch(int texts) {
        this.fullFiles = texts;
    }

    void add(FileContent file, byte[] content) {
        contents.put(file, content);
        bytes += content.length;
    }

    /** A file that was not read, and whose answer is that it holds nothing. */
    void addEmpty(FileContent file) {
        add(file, new byte[0]);
    }

    boolean isFull() {
        return bytes >= (long) fullFiles * TEXT_BYTES || contents.size() >= fullFiles;
    }

    /**
     * What is to be embedded of each file; no text for a file that holds nothing.
     *
     * @throws LoreleyException of kind EMBEDDING, naming the file, if it cannot be read for whatever reason: agents write
     *     what they like, and one such file is not to end a search
     */
    Map<FileContent, List<String>> texts(BiFunction<byte[], Language, List<String>> reader) {
        Map<FileContent, List<String>> texts = new LinkedHashMap<>();
        contents.forEach((file, content) -> {
            try {
                texts.put(file, reader.apply(content, file.language()));
            } catch (RuntimeException | StackOverflowError e) {
                throw new LoreleyException(
                        FailureKind.EMBEDDING,
                        "blob %s cannot be read as %s: %s".formatted(file.blob(), file.language(), e),
                        e);
            }
        });
        return texts;
    }
}

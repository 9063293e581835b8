package io.loreley.embedding;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Contents that are embedded and written at one go: what is lost if the next one fails. Filled by one thread. */
final class FileBatch {

    private static final int FULL_BYTES = 1 << 20;
    private static final int FULL_FILES = 256;

    private final Map<FileContent, byte[]> contents = new LinkedHashMap<>();
    private long bytes;

    void add(FileContent file, byte[] content) {
        contents.put(file, content);
        bytes += content.length;
    }

    /** A file that was not read, and whose answer is that it holds nothing. */
    void addEmpty(FileContent file) {
        add(file, new byte[0]);
    }

    boolean isFull() {
        return bytes >= FULL_BYTES || contents.size() >= FULL_FILES;
    }

    /** What is to be embedded of each file; no text for a file that holds nothing. */
    Map<FileContent, List<String>> texts(TextPipeline pipeline) {
        Map<FileContent, List<String>> texts = new LinkedHashMap<>();
        contents.forEach((file, content) -> texts.put(file, pipeline.texts(content, file.language())));
        return texts;
    }
}

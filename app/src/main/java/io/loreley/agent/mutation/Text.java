package io.loreley.agent.mutation;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A file as lines, each with the line end it has, so that joining them gives the file back to the byte. */
public record Text(List<String> lines) {

    public Text {
        lines = List.copyOf(lines);
    }

    public static Text of(String content) {
        List<String> lines = new ArrayList<>();
        int begin = 0;
        while (begin < content.length()) {
            int end = content.indexOf('\n', begin);
            int next = end < 0 ? content.length() : end + 1;
            lines.add(content.substring(begin, next));
            begin = next;
        }
        return new Text(lines);
    }

    /** Empty if the bytes are no text: not UTF-8, or with a NUL among them. */
    public static Optional<Text> decode(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(of(text));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    public String content() {
        return String.join("", lines);
    }

    /** With the lines from {@code from} up to {@code to} replaced. A last line that lacked its end gets one if it moves. */
    Text replace(int from, int to, List<String> replacement) {
        List<String> changed = new ArrayList<>(lines.size() + replacement.size());
        changed.addAll(lines.subList(0, from));
        changed.addAll(replacement);
        changed.addAll(lines.subList(to, lines.size()));
        for (int i = 0; i < changed.size() - 1; i++) {
            if (!changed.get(i).endsWith("\n")) {
                changed.set(i, changed.get(i) + "\n");
            }
        }
        return new Text(changed);
    }

    /** Spaces and tabs before the first other character; a tab counts as one. -1 for a blank line. */
    int indentation(int line) {
        String text = lines.get(line);
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }
}

package io.loreley.examples.packing;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The circles of a packing in the order of its file: one line a circle, `x y r`, where `#` begins a comment.
/// A packing may be invalid; [ExactCheck] tells.
record Packing(List<Circle> circles) {

    static final String FILE = "packing.txt";

    private static final String HEADER = """
            # 26 circles in the unit square. One line a circle: x y r
            """;

    /// Bounds a number's size, so that no file can make exact arithmetic slow.
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,20}(\\.\\d{1,40})?([eE][+-]?\\d{1,2})?");

    private static final int MAX_LINES = 1_000;
    private static final long MAX_BYTES = 100_000;

    Packing {
        circles = List.copyOf(circles);
    }

    /// @throws MalformedPacking if the file is missing, is too large, or has a line that is not three numbers
    static Packing read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new MalformedPacking(file + " is larger than " + MAX_BYTES + " bytes");
            }
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new MalformedPacking("cannot read " + file + " as UTF-8 text: " + e);
        }
    }

    /// @throws MalformedPacking if a line is not three numbers
    static Packing parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() > MAX_LINES) {
            throw new MalformedPacking("more than " + MAX_LINES + " lines");
        }
        List<Circle> circles = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String content = lines.get(i).replaceFirst("#.*", "").strip();
            if (!content.isEmpty()) {
                circles.add(parseCircle(i + 1, content));
            }
        }
        return new Packing(circles);
    }

    private static Circle parseCircle(int line, String content) {
        String[] fields = content.split("\\s+", -1);
        if (fields.length != 3) {
            throw new MalformedPacking("line %d: expected `x y r`, found %d fields".formatted(line, fields.length));
        }
        return new Circle(number(line, fields[0]), number(line, fields[1]), number(line, fields[2]));
    }

    private static BigDecimal number(int line, String field) {
        if (!NUMBER.matcher(field).matches()) {
            String shown = field.length() > 40 ? field.substring(0, 40) + "…" : field;
            throw new MalformedPacking("line %d: `%s` is not a decimal number".formatted(line, shown));
        }
        return new BigDecimal(field);
    }

    String toText() {
        StringBuilder text = new StringBuilder(HEADER);
        for (Circle circle : circles) {
            text.append(circle.x().toPlainString())
                    .append(' ')
                    .append(circle.y().toPlainString())
                    .append(' ')
                    .append(circle.r().toPlainString())
                    .append('\n');
        }
        return text.toString();
    }

    BigDecimal sumOfRadii() {
        return circles.stream().map(Circle::r).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    Layout toLayout() {
        return new Layout(circles.stream().map(Circle::toDisk).toList());
    }
}

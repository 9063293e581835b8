package io.loreley.cli.display;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of pieces, each with its style, that knows its width and can be cut to fit. Control characters never pass, so
 * that a commit's subject cannot steer the terminal.
 */
final class StyledLine {

    private record Piece(String text, Style style) {}

    private final List<Piece> pieces = new ArrayList<>();

    static StyledLine of(String text, Style style) {
        return new StyledLine().add(text, style);
    }

    StyledLine add(String text) {
        return add(text, Style.PLAIN);
    }

    StyledLine add(String text, Style style) {
        pieces.add(new Piece(TextWidth.printable(text), style));
        return this;
    }

    /** Adds white space up to a column, or one space where the line is already longer. */
    StyledLine padTo(int column) {
        return add(" ".repeat(Math.max(1, column - width())));
    }

    int width() {
        return pieces.stream().mapToInt(piece -> TextWidth.of(piece.text)).sum();
    }

    /** The line in at most so many columns; what is cut is marked by an ellipsis. */
    String render(int columns, boolean colours) {
        StringBuilder line = new StringBuilder();
        int left = columns;
        boolean cut = width() > columns;
        for (Piece piece : pieces) {
            String text = piece.text;
            if (cut && TextWidth.of(text) >= left) {
                text = TextWidth.cut(text, left);
            }
            left -= TextWidth.of(text);
            line.append(colours ? piece.style.paint(text) : text);
            if (cut && left <= 0) {
                break;
            }
        }
        return line.toString().stripTrailing();
    }

    @Override
    public String toString() {
        return render(Integer.MAX_VALUE, false);
    }
}

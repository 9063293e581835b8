package io.loreley.cli.display;

import java.util.ArrayList;
import java.util.List;

/** A check as the lines that a person reads. */
public final class CheckText {

    private static final int FOUND = 13;

    private CheckText() {}

    public static List<String> lines(Check check, boolean colours) {
        StyledLine mark = switch (check.result()) {
            case OK -> StyledLine.of("✓", Style.GREEN);
            case WARNING -> StyledLine.of("!", Style.YELLOW);
            case FAILED -> StyledLine.of("✗", Style.RED);
        };
        List<StyledLine> lines = new ArrayList<>();
        StyledLine line = mark.add(" ").add(check.name(), Style.BOLD).padTo(FOUND);
        for (String row : check.found().lines().toList()) {
            lines.add(line.add(row));
            line = new StyledLine().padTo(FOUND);
        }
        if (check.fix() != null) {
            lines.add(line.add("fix: ", Style.CYAN).add(check.fix()));
        }
        return lines.stream()
                .map(each -> each.render(Integer.MAX_VALUE, colours))
                .toList();
    }
}

package io.loreley.examples.packing;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/// Decides whether a packing is valid, in exact arithmetic and without a tolerance: the right number of circles, each
/// radius positive, each circle inside the unit square, no two circles overlapping. Touching is allowed.
final class ExactCheck {

    static final int CIRCLES = 26;

    /// Digits of an amount in a message; the decision itself never rounds.
    private static final MathContext SHOWN = new MathContext(4);

    private ExactCheck() {}

    /// What is wrong, one sentence each; empty if the packing is valid. Circles are counted from 1.
    static List<String> violations(Packing packing) {
        List<Circle> circles = packing.circles();
        List<String> violations = new ArrayList<>();
        if (circles.size() != CIRCLES) {
            violations.add("expected %d circles, found %d".formatted(CIRCLES, circles.size()));
        }
        for (int i = 0; i < circles.size(); i++) {
            checkPlace(i + 1, circles.get(i), violations);
            for (int j = 0; j < i; j++) {
                checkPair(j + 1, circles.get(j), i + 1, circles.get(i), violations);
            }
        }
        return violations;
    }

    private static void checkPlace(int index, Circle circle, List<String> violations) {
        if (circle.r().signum() <= 0) {
            violations.add("circle %d has radius %s, which is not positive".formatted(index, circle.r()));
        }
        checkWall(index, "left", circle.x().subtract(circle.r()), violations);
        checkWall(index, "right", BigDecimal.ONE.subtract(circle.x()).subtract(circle.r()), violations);
        checkWall(index, "bottom", circle.y().subtract(circle.r()), violations);
        checkWall(index, "top", BigDecimal.ONE.subtract(circle.y()).subtract(circle.r()), violations);
    }

    private static void checkWall(int index, String wall, BigDecimal clearance, List<String> violations) {
        if (clearance.signum() < 0) {
            violations.add("circle %d crosses the %s wall by %s".formatted(index, wall, shown(clearance.negate())));
        }
    }

    private static void checkPair(int first, Circle a, int second, Circle b, List<String> violations) {
        BigDecimal dx = a.x().subtract(b.x());
        BigDecimal dy = a.y().subtract(b.y());
        BigDecimal squaredDistance = dx.multiply(dx).add(dy.multiply(dy));
        BigDecimal reach = a.r().add(b.r());
        if (reach.signum() > 0 && squaredDistance.compareTo(reach.multiply(reach)) < 0) {
            BigDecimal overlap = reach.subtract(squaredDistance.sqrt(MathContext.DECIMAL128));
            violations.add("circles %d and %d overlap by %s".formatted(first, second, shown(overlap)));
        }
    }

    private static String shown(BigDecimal amount) {
        return amount.round(SHOWN).toString();
    }
}

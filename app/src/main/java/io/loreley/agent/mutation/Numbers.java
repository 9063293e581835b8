package io.loreley.agent.mutation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numeric literals, perturbed on a log scale: each is multiplied by exp(σ·z), z normal. σ is drawn anew for every edit,
 * log-uniformly, because nobody knows which step helps a number that nobody knows. Whole numbers stay whole and move by
 * at least one; decimals keep their digits, and get up to {@value #DIGITS}.
 */
final class Numbers {

    /** Decimal literals that stand alone: no part of an identifier, a version, a date or a hexadecimal number. */
    private static final Pattern LITERAL =
            Pattern.compile("(?<![\\w.])(?:\\d+\\.\\d*|\\.\\d+|\\d+)(?:[eE][+-]?\\d{1,3})?(?=[fFdDlLuU]?(?![\\w.]))");

    /** Significant digits that a perturbed decimal may need to differ at the smallest σ. */
    private static final int DIGITS = 8;

    private static final double SMALLEST_SIGMA = 1e-4;
    private static final double LARGEST_SIGMA = 1;

    /** Literals of more digits are no quantities: hashes, identifiers. */
    private static final int LONGEST = 24;

    /** Chance that one more literal is changed in the same edit. */
    private static final double ANOTHER = 0.5;

    private Numbers() {}

    static Optional<Operator.Edit> perturb(Text text, RandomGenerator random) {
        List<Literal> literals = literals(text);
        if (literals.isEmpty()) {
            return Optional.empty();
        }
        double sigma = SMALLEST_SIGMA * StrictMath.pow(LARGEST_SIGMA / SMALLEST_SIGMA, random.nextDouble());
        List<Literal> chosen = new ArrayList<>();
        do {
            chosen.add(literals.remove(random.nextInt(literals.size())));
        } while (!literals.isEmpty() && random.nextDouble() < ANOTHER);
        Collections.sort(chosen);
        List<String> lines = new ArrayList<>(text.lines());
        for (Literal literal : chosen.reversed()) {
            String line = lines.get(literal.line());
            String original = line.substring(literal.begin(), literal.end());
            lines.set(
                    literal.line(),
                    line.substring(0, literal.begin())
                            + perturbed(original, sigma, random)
                            + line.substring(literal.end()));
        }
        return Optional.of(
                new Operator.Edit(new Text(lines), chosen.size() == 1 ? "a number" : chosen.size() + " numbers"));
    }

    private static List<Literal> literals(Text text) {
        List<Literal> literals = new ArrayList<>();
        for (int line = 0; line < text.lines().size(); line++) {
            Matcher matcher = LITERAL.matcher(text.lines().get(line));
            while (matcher.find()) {
                if (matcher.end() - matcher.start() <= LONGEST) {
                    literals.add(new Literal(line, matcher.start(), matcher.end()));
                }
            }
        }
        return literals;
    }

    static String perturbed(String literal, double sigma, RandomGenerator random) {
        BigDecimal value = new BigDecimal(literal);
        double factor = StrictMath.exp(sigma * random.nextGaussian());
        boolean whole = literal.chars().allMatch(Character::isDigit);
        if (value.signum() == 0) {
            return whole ? "1" : plain(new BigDecimal(sigma), DIGITS / 2, literal);
        }
        if (!whole) {
            return plain(value.multiply(new BigDecimal(factor)), Math.max(DIGITS, value.precision()), literal);
        }
        BigDecimal moved = value.multiply(new BigDecimal(factor)).setScale(0, RoundingMode.HALF_EVEN);
        if (moved.compareTo(value) == 0) {
            moved = factor < 1 ? value.subtract(BigDecimal.ONE) : value.add(BigDecimal.ONE);
        }
        return moved.toPlainString();
    }

    /** In the notation of the original: with an exponent only if it had one, and always with a decimal point. */
    private static String plain(BigDecimal value, int digits, String original) {
        BigDecimal rounded = value.round(new MathContext(digits)).stripTrailingZeros();
        if (original.indexOf('e') >= 0 || original.indexOf('E') >= 0) {
            return rounded.toString();
        }
        String text = rounded.toPlainString();
        return text.indexOf('.') < 0 ? text + ".0" : text;
    }

    /** Where a literal stands. */
    private record Literal(int line, int begin, int end) implements Comparable<Literal> {
        @Override
        public int compareTo(Literal other) {
            return line != other.line ? Integer.compare(line, other.line) : Integer.compare(begin, other.begin);
        }
    }
}

package io.loreley.lineage;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A text as the weights of its words and pairs of neighbouring words, to be compared with others: common function words
 * left out, endings cut, identifiers taken apart, each word counted as the square root of its number. The cosine of two
 * such vectors is 1 for the same words in the same order, and near 0 for texts on different things. Immutable.
 */
final class WordVector {

    private static final Pattern BOUNDARY = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^\\p{L}\\p{N}]+");
    private static final Pattern ENDING = Pattern.compile("(?<=\\w{3})(?:ings?|ers?|ed|es|s|e|ly)$");

    /** What an order of words says, beside the words. */
    private static final double PAIR_WEIGHT = 0.5;

    private static final Set<String> FUNCTION_WORDS = Set.of(
            "a", "an", "and", "are", "as", "at", "be", "by", "can", "for", "from", "have", "i", "in", "into", "is",
            "it", "its", "of", "on", "or", "so", "than", "that", "the", "then", "there", "these", "they", "this", "to",
            "up", "use", "using", "via", "was", "we", "which", "will", "with", "each", "all", "instead", "should",
            "would");

    private final Map<String, Double> weights;
    private final double length;

    private WordVector(Map<String, Double> weights) {
        this.weights = Map.copyOf(weights);
        this.length =
                Math.sqrt(weights.values().stream().mapToDouble(w -> w * w).sum());
    }

    static WordVector of(String text) {
        List<String> words = BOUNDARY.splitAsStream(text)
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty() && !FUNCTION_WORDS.contains(word))
                .map(word -> ENDING.matcher(word).replaceFirst(""))
                .toList();
        Map<String, Double> counts = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            counts.merge(words.get(i), 1.0, Double::sum);
            if (i > 0) {
                counts.merge(words.get(i - 1) + " " + words.get(i), PAIR_WEIGHT * PAIR_WEIGHT, Double::sum);
            }
        }
        counts.replaceAll((_, count) -> Math.sqrt(count));
        return new WordVector(counts);
    }

    /** From 0 to 1; 0 if one of them has no words. */
    double cosine(WordVector other) {
        if (length == 0 || other.length == 0) {
            return 0;
        }
        double product = weights.entrySet().stream()
                .mapToDouble(entry -> entry.getValue() * other.weights.getOrDefault(entry.getKey(), 0.0))
                .sum();
        return Math.min(1, product / (length * other.length));
    }
}

package io.loreley.evaluation;

import io.loreley.domain.Setting;
import java.util.List;
import java.util.Locale;

/** What is done about evaluators that do not say the same twice. */
public record NoiseSettings(
        @Setting(doc = "How often a candidate is measured.", fallback = "1", min = 1, max = 100)
        int repeats,

        @Setting(doc = "What is made of several values of a metric.", fallback = "mean")
        Statistic statistic,

        @Setting(
                doc =
                        "How probable it must be that a candidate is better than the elite of its cell before it takes the "
                                + "place. 0.5 asks for a better value and no more, which is right where nothing is noisy.",
                fallback = "0.5",
                min = 0.5,
                max = 0.9999)
        double confidence,

        @Setting(
                doc =
                        "The share of draws that measure an elite again instead of making a new candidate, so that one which "
                                + "was lucky falls.",
                fallback = "0",
                min = 0,
                max = 0.9)
        double recheck,

        @Setting(
                doc =
                        "Measure alone: while one evaluation of an experiment that asks for it runs on a machine, no other "
                                + "evaluation does.",
                fallback = "false")
        boolean exclusive,

        @Setting(
                doc = "Measure the base right after each candidate, and report by how much the objective is better as "
                        + "`<objective>_vs_base`.",
                fallback = "false")
        boolean paired) {

    /** As if nothing were said. */
    public static final NoiseSettings DEFAULT = new NoiseSettings(1, Statistic.MEAN, 0.5, 0, false, false);

    /** One plain measurement, made alone where these are. */
    NoiseSettings once() {
        return new NoiseSettings(
                DEFAULT.repeats, DEFAULT.statistic, DEFAULT.confidence, DEFAULT.recheck, exclusive, DEFAULT.paired);
    }

    /** What one value is made of many. */
    public enum Statistic {
        MEAN,
        MEDIAN,
        MIN;

        /** One value of several. */
        double of(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return switch (this) {
                case MEAN ->
                    values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
                case MEDIAN ->
                    sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
                case MIN -> sorted.getFirst();
            };
        }

        /** As the settings have it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Statistic of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}

package io.loreley.scheduler;

/**
 * When one measured value is better than another, as far as noise lets one say. The difference of two means over its
 * standard error is compared with the normal distribution: the one-sided test of B. L. Welch, "The generalization of
 * Student's problem when several different population variances are involved" (Biometrika 34, 1947), with the normal
 * distribution in place of Student's, whose tails matter only for fewer than about five samples.
 *
 * <p>The deviation of a value that was measured too seldom to tell is taken to be at least the noise floor, that of the
 * root. Where nothing is noisy, the rule is plain comparison.
 *
 * @param confidence how probable it must be that the challenger is better; 0.5 asks for a greater value and no more
 */
public record NoiseRule(double confidence) {

    /** Plain comparison. */
    public static final NoiseRule STRICT = new NoiseRule(0.5);

    /** From so many samples on, a deviation speaks for itself. */
    private static final int ENOUGH_SAMPLES = 8;

    public NoiseRule {
        if (!(confidence >= 0.5 && confidence < 1)) {
            throw new IllegalArgumentException("a confidence of %s is not from 0.5 to below 1".formatted(confidence));
        }
    }

    /**
     * What is known of a value.
     *
     * @param value oriented: higher is better
     * @param samples how many measurements it is the mean of
     * @param deviation of one of them; 0 for a single one
     */
    public record Estimate(double value, int samples, double deviation) {

        private double variance(double floor) {
            double spread = samples < ENOUGH_SAMPLES ? Math.max(deviation, floor) : deviation;
            return spread * spread / samples;
        }
    }

    boolean isStrict() {
        return confidence == 0.5;
    }

    /**
     * Whether the challenger is better.
     *
     * @param floor the deviation of one measurement of the root; 0 if it is not known
     */
    public boolean isBetter(Estimate challenger, Estimate incumbent, double floor) {
        double gain = challenger.value() - incumbent.value();
        if (gain <= 0 || isStrict()) {
            return gain > 0;
        }
        double error = Math.sqrt(challenger.variance(floor) + incumbent.variance(floor));
        return error == 0 || normal(gain / error) >= confidence;
    }

    /**
     * The distribution function of the standard normal distribution from 0 on, to 7 digits: Abramowitz and Stegun, Handbook
     * of Mathematical Functions, 26.2.17.
     */
    static double normal(double z) {
        double t = 1 / (1 + 0.2316419 * z);
        double density = StrictMath.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        double tail = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return 1 - density * tail;
    }
}

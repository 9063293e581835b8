package io.loreley.mapelites.projection;

/**
 * How much of the variance that a sample shows along its principal components new samples will show too.
 *
 * <p>Components are fitted to the sample and so flatter it: in 1,536 dimensions 32 samples of pure noise vary 50 times as
 * much along their first component as new ones do. The model is that of a few strong directions in noise of equal
 * variance (Johnstone 2001). In the limit of many samples and dimensions it tells, from the eigenvalue of the sample, the
 * variance of the direction and the angle by which the component misses it (Baik and Silverstein 2006; Paul 2007), and so
 * the variance that new samples have along the component; the same formulas give the optimal shrinkage of Donoho, Gavish
 * and Johnstone (2018).
 */
final class SpikedSpectrum {

    private final double noise;
    private final double aspect;

    SpikedSpectrum(CentredSample sample, PrincipalComponents components) {
        int freedom = sample.degreesOfFreedom();
        int rank = Math.min(freedom, sample.length());
        double rest = sample.totalVariance();
        for (int i = 0; i < components.count(); i++) {
            rest -= components.variance(i);
        }
        int restRank = rank - components.count();
        // The noise of the directions that the components took away is made up for.
        noise = restRank > 0 ? Math.max(0, rest) / sample.length() * rank / restRank : 0;
        aspect = (double) sample.length() / freedom;
    }

    /** The variance that new samples have along a component along which the sample has this one. */
    double heldOutVariance(double variance) {
        double eigenvalue = variance / noise;
        double edge = StrictMath.pow(1 + Math.sqrt(aspect), 2);
        if (noise == 0 || eigenvalue <= edge) {
            // Without noise nothing was flattered; what does not stand out of the noise is noise.
            return noise == 0 ? variance : noise;
        }
        double sum = eigenvalue + 1 - aspect;
        double spike = (sum + Math.sqrt(sum * sum - 4 * eigenvalue)) / 2;
        double excess = spike - 1;
        double squaredCosine = (1 - aspect / (excess * excess)) / (1 + aspect / excess);
        return noise * (1 + excess * squaredCosine);
    }
}

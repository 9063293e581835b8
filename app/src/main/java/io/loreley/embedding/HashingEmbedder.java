package io.loreley.embedding;

import io.loreley.mapelites.Vector;
import java.util.List;

/**
 * Embeds by counting what occurs, without a model, a key or a network: each feature of a text adds to one dimension, which
 * its hash chooses, with a sign that its hash chooses as well, so that collisions cancel on average. A feature that occurs
 * n times weighs 1 + ln n: the tenth use of a word says less than the first. The result follows from the text alone, on
 * every machine.
 *
 * <p>Vectors are not scaled to one length. The distance of two texts therefore tells how much differs, and an edit moves
 * the vector by what was edited and by nothing else.
 *
 * @see <a href="https://arxiv.org/abs/0902.2206">Weinberger et al., Feature Hashing for Large Scale Multitask Learning</a>
 */
public final class HashingEmbedder implements Embedder {

    /** Fifty lines of code have about a thousand features, which add up like random steps: to a length of about 1. */
    private static final double SCALE = 1.0 / 32;

    private final int dimensions;

    public HashingEmbedder(int dimensions) {
        if (dimensions < 1) {
            throw new IllegalArgumentException("an embedding of %d dimensions".formatted(dimensions));
        }
        this.dimensions = dimensions;
    }

    @Override
    public String model() {
        return "hashing-1";
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public List<Vector> embed(List<String> texts) {
        FeatureCounts features = new FeatureCounts();
        Features reader = new Features(features);
        return texts.stream()
                .map(text -> {
                    features.clear();
                    reader.read(text);
                    return hashed(features);
                })
                .toList();
    }

    private Vector hashed(FeatureCounts features) {
        double[] sums = new double[dimensions];
        features.forEach((hash, count) -> {
            double weight = 1 + StrictMath.log(count);
            int dimension = (int) Long.remainderUnsigned(hash >>> 1, dimensions);
            sums[dimension] += (hash & 1) == 0 ? weight : -weight;
        });
        for (int i = 0; i < dimensions; i++) {
            sums[i] *= SCALE;
        }
        return Vector.of(sums);
    }
}

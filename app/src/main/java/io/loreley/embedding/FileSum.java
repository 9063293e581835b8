package io.loreley.embedding;

import io.loreley.domain.CommitHash;
import io.loreley.mapelites.Vector;
import io.loreley.store.CommitAggregate;

/** Adds vectors of files up. An empty vector is a file that does not count. For one thread. */
final class FileSum {

    private final double[] sum;
    private int files;

    FileSum(int dimensions) {
        this.sum = new double[dimensions];
    }

    static FileSum startingFrom(CommitAggregate aggregate) {
        FileSum sum = new FileSum(aggregate.sum().length());
        sum.add(aggregate.sum(), 1);
        sum.files = aggregate.files();
        return sum;
    }

    void add(Vector file) {
        if (file.length() > 0) {
            add(file, 1);
            files++;
        }
    }

    void remove(Vector file) {
        if (file.length() > 0) {
            add(file, -1);
            files--;
        }
    }

    private void add(Vector vector, int sign) {
        if (vector.length() != sum.length) {
            throw new IllegalArgumentException(
                    "a vector of length %d in a sum of length %d".formatted(vector.length(), sum.length));
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += sign * vector.get(i);
        }
    }

    CommitAggregate of(CommitHash commit, String model) {
        return new CommitAggregate(commit, model, files, Vector.of(sum));
    }
}

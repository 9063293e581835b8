package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.store.CardListing.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CardListingTest {

    private static final int MOST = 4000;

    @Test
    void few_points_are_all_kept() {
        List<Point> all = points(MOST, 0);

        assertThat(CardListing.thinned(all, MOST)).isSameAs(all);
    }

    @ParameterizedTest
    @ValueSource(ints = {4001, 8000, 11_000, 20_000, 50_000, 120_001})
    void the_extremes_and_the_newest_of_many_are_kept_of_those_that_may_compete_and_of_the_others(int size) {
        for (double rejected : new double[] {0, 0.3, 1}) {
            List<Point> all = points(size, rejected);

            List<Point> kept = CardListing.thinned(all, MOST);

            assertThat(kept).hasSizeLessThanOrEqualTo(MOST).hasSizeGreaterThan(MOST / 3);
            assertThat(kept).isSortedAccordingTo(Comparator.comparingLong(Point::number));
            assertThat(kept).doesNotHaveDuplicates();
            assertThat(kept.getLast()).isEqualTo(all.getLast());
            for (Predicate<Point> kind : List.<Predicate<Point>>of(Point::accepted, point -> !point.accepted())) {
                assertThat(extremes(kept, kind)).isEqualTo(extremes(all, kind));
            }
        }
    }

    @Test
    void the_best_so_far_is_as_high_over_the_kept_points_as_over_all() {
        List<Point> all = points(20_000, 0.1);
        List<Point> kept = CardListing.thinned(all, MOST);

        for (int end : new int[] {5_000, 10_000, 20_000}) {
            Predicate<Point> until = point -> point.accepted() && point.number() < end;
            assertThat(extremes(kept, until)).isEqualTo(extremes(all, until));
        }
    }

    private static List<Double> extremes(List<Point> points, Predicate<Point> kind) {
        DoubleSummaryStatistics found =
                points.stream().filter(kind).mapToDouble(Point::value).summaryStatistics();
        return List.of(found.getMin(), found.getMax());
    }

    /** Values that rise slowly, with noise. */
    private static List<Point> points(int size, double rejected) {
        Random random = new Random(size);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            double value = Math.log1p(i) + random.nextGaussian();
            points.add(new Point(i, null, value, "c" + i, random.nextDouble() >= rejected));
        }
        return points;
    }
}

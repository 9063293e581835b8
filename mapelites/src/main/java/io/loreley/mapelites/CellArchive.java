package io.loreley.mapelites;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What all archives share: elites in the order in which their cells were first occupied, the threshold of each, and the
 * rule of acceptance. A subclass says which cell measures fall into and which cells are near each other.
 *
 * <p>Invariant: slot i of {@code elites} and {@code thresholds} belongs to one cell, and {@code table} maps that cell to
 * i. Memory follows the occupied cells.
 */
abstract sealed class CellArchive<T> implements Archive<T> permits GridArchive, CvtArchive {

    private final Acceptance acceptance;
    private final CellTable table = new CellTable();
    private final List<Elite<T>> elites = new ArrayList<>();
    private double[] thresholds = new double[16];
    private double objectiveSum;
    private double best = Double.NEGATIVE_INFINITY;

    CellArchive(Acceptance acceptance) {
        this.acceptance = acceptance;
    }

    @Override
    public final Placement<T> place(T solution, double objective, Vector measures) {
        requireFinite(objective);
        long cell = cellOf(measures);
        int slot = table.slot(cell);
        double threshold = slot == CellTable.ABSENT ? acceptance.minimumThreshold() : thresholds[slot];
        double value = acceptance.value(objective, threshold);
        if (!acceptance.accepts(objective, threshold)) {
            return new Placement.Rejected<>(cell, value);
        }
        Elite<T> elite = new Elite<>(solution, objective, measures, cell);
        double raised = acceptance.raised(threshold, objective);
        best = Math.max(best, objective);
        if (slot == CellTable.ABSENT) {
            occupy(elite, raised);
            return new Placement.Discovered<>(elite, value);
        }
        Elite<T> displaced = elites.set(slot, elite);
        thresholds[slot] = raised;
        objectiveSum += objective - displaced.objective();
        return new Placement.Improved<>(elite, displaced, value);
    }

    @Override
    public final Elite<T> restore(T solution, double objective, Vector measures, double threshold) {
        requireFinite(objective);
        if (!Double.isFinite(threshold)) {
            throw new IllegalArgumentException("threshold of %s is %s".formatted(solution, threshold));
        }
        Elite<T> elite = new Elite<>(solution, objective, measures, cellOf(measures));
        elite(elite.cell()).ifPresent(other -> {
            throw new IllegalArgumentException(
                    "%s cannot be restored to cell %d, which holds %s; clear the archive first, or place it"
                            .formatted(solution, elite.cell(), other.solution()));
        });
        best = Math.max(best, objective);
        occupy(elite, threshold);
        return elite;
    }

    @Override
    public final Optional<Elite<T>> elite(long cell) {
        int slot = slot(cell);
        return slot == CellTable.ABSENT ? Optional.empty() : Optional.of(elites.get(slot));
    }

    @Override
    public final double threshold(long cell) {
        int slot = slot(cell);
        return slot == CellTable.ABSENT ? acceptance.minimumThreshold() : thresholds[slot];
    }

    @Override
    public final List<Elite<T>> elites() {
        return Collections.unmodifiableList(elites);
    }

    @Override
    public final Statistics statistics() {
        return new Statistics(
                elites.size(),
                (double) elites.size() / cells(),
                objectiveSum - elites.size() * acceptance.qdScoreOffset(),
                best == Double.NEGATIVE_INFINITY ? OptionalDouble.empty() : OptionalDouble.of(best));
    }

    @Override
    public final void clear() {
        table.clear();
        elites.clear();
        objectiveSum = 0;
        best = Double.NEGATIVE_INFINITY;
    }

    final void requireCell(long cell) {
        if (cell < 0 || cell >= cells()) {
            throw new IllegalArgumentException("cell %d is not one of the %d cells".formatted(cell, cells()));
        }
    }

    final void requireDimensions(Vector measures) {
        if (measures.length() != dimensions()) {
            throw new IllegalArgumentException(
                    "%d measures for an archive of %d dimensions".formatted(measures.length(), dimensions()));
        }
    }

    private int slot(long cell) {
        requireCell(cell);
        return table.slot(cell);
    }

    private void occupy(Elite<T> elite, double threshold) {
        int slot = elites.size();
        if (slot == thresholds.length) {
            thresholds = Arrays.copyOf(thresholds, 2 * slot);
        }
        elites.add(elite);
        thresholds[slot] = threshold;
        table.put(elite.cell(), slot);
        objectiveSum += elite.objective();
    }

    private static void requireFinite(double objective) {
        if (!Double.isFinite(objective)) {
            throw new IllegalArgumentException("the objective is %s; it must be finite".formatted(objective));
        }
    }
}

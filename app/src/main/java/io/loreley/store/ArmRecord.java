package io.loreley.store;

import io.loreley.domain.Spending;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/**
 * What the jobs of one agent came to.
 *
 * @param drawn jobs that it was given
 * @param ended those of them that ended, however
 * @param kept those of them whose commit became an elite
 */
public record ArmRecord(String agent, long drawn, long ended, long kept, Spending spent) {

    private static final double LEAST_COST = 0.1;

    /** The share of its ended jobs whose commit became an elite. */
    public double reward() {
        return ended == 0 ? 0 : (double) kept / ended;
    }

    /**
     * What each arm promises for its cost, an upper confidence bound: (reward + √(2 ln t / n)) / cost, where t jobs were drawn
     * in all and n of them for this arm. Costs of a job are relative to the dearest arm and at least a tenth of it; they are
     * compared in tokens where a price is unknown, and left aside where of an arm nothing is known.
     *
     * @param arms each drawn at least once
     * @return by agent, in their order
     */
    public static SequencedMap<String, Double> promises(List<ArmRecord> arms) {
        double drawn = arms.stream().mapToLong(ArmRecord::drawn).sum();
        ToDoubleFunction<Spending> measure =
                arms.stream().allMatch(arm -> arm.spent.isPriced()) ? Spending::costUsd : Spending::tokens;
        double dearest = arms.stream().anyMatch(ArmRecord::isUnknown)
                ? 0
                : arms.stream()
                        .mapToDouble(arm -> arm.costOfAJob(measure))
                        .max()
                        .orElse(0);
        SequencedMap<String, Double> promises = new LinkedHashMap<>();
        for (ArmRecord arm : arms) {
            double cost = dearest == 0 ? 1 : Math.max(LEAST_COST, arm.costOfAJob(measure) / dearest);
            promises.put(arm.agent, (arm.reward() + Math.sqrt(2 * StrictMath.log(drawn) / arm.drawn)) / cost);
        }
        return promises;
    }

    /** Not to be taken for one that costs nothing. */
    private boolean isUnknown() {
        return !spent.isPriced() && spent.tokens() == 0;
    }

    /** Jobs at work have used a part of what they will. */
    private double costOfAJob(ToDoubleFunction<Spending> measure) {
        return measure.applyAsDouble(spent) / Math.max(1, ended);
    }
}

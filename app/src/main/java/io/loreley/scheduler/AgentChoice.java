package io.loreley.scheduler;

import io.loreley.domain.ExperimentId;
import io.loreley.store.ArmRecord;
import io.loreley.store.Expenses;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/**
 * Chooses which agent gets a job. By weights the choice follows from the random numbers of the draw; as a bandit it
 * follows from what the database says of earlier jobs, and needs no state of its own.
 *
 * <p>The bandit is the fractional KUBE rule of Tran-Thanh, Chapman, Rogers and Jennings ("Knapsack based optimal policies
 * for budget-limited multi-armed bandits", 2012): the arm with the largest (r + √(2 ln t / n)) / c, where t jobs were
 * drawn in all, n of them for this arm, r is the share of its ended jobs whose commit became an elite, and c what one of
 * its jobs costs on average. A job at work counts in n and not in r, so that jobs drawn together are spread. Costs are
 * relative to the dearest arm and at least a tenth of it: evaluation costs something too, and an agent that is free would
 * otherwise be the only one. They are compared in tokens where a price is unknown, and left aside where nothing is
 * known. Each arm is drawn once before any is drawn twice.
 */
public final class AgentChoice {

    private final SequencedMap<String, Double> weights;
    private final AgentsStrategy strategy;
    private final Expenses expenses;
    private final ExperimentId experiment;

    /** @param weights by the agent's name, each positive; one at least */
    public AgentChoice(
            SequencedMap<String, Double> weights, AgentsStrategy strategy, Expenses expenses, ExperimentId experiment) {
        this.weights = weights;
        this.strategy = strategy;
        this.expenses = expenses;
        this.experiment = experiment;
    }

    /** The agent of the next job; empty where there is only one. */
    Optional<String> next(RandomGenerator random) {
        if (weights.size() == 1) {
            return Optional.empty();
        }
        return Optional.of(
                switch (strategy) {
                    case WEIGHTS -> byWeight(weights, random);
                    case BANDIT -> byPromise(List.copyOf(weights.sequencedKeySet()), expenses.arms(experiment));
                });
    }

    static String byWeight(SequencedMap<String, Double> weights, RandomGenerator random) {
        double left = random.nextDouble()
                * weights.values().stream().mapToDouble(Double::doubleValue).sum();
        for (Map.Entry<String, Double> arm : weights.entrySet()) {
            left -= arm.getValue();
            if (left < 0) {
                return arm.getKey();
            }
        }
        return weights.lastEntry().getKey();
    }

    /** @param records of what is known; arms without one were never drawn */
    static String byPromise(List<String> arms, List<ArmRecord> records) {
        Map<String, ArmRecord> known = new HashMap<>();
        records.forEach(arm -> known.put(arm.agent(), arm));
        for (String arm : arms) {
            if (!known.containsKey(arm)) {
                return arm;
            }
        }
        SequencedMap<String, Double> promises =
                ArmRecord.promises(arms.stream().map(known::get).toList());
        String best = arms.getFirst();
        double most = Double.NEGATIVE_INFINITY;
        for (Map.Entry<String, Double> arm : promises.entrySet()) {
            if (arm.getValue() > most) {
                most = arm.getValue();
                best = arm.getKey();
            }
        }
        return best;
    }
}

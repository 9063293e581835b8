package io.loreley.agent;

import io.loreley.domain.Usage;

/**
 * Told what an agent spends as soon as it is known, whether the agent succeeds or not. Called from the thread that runs
 * the agent.
 */
@FunctionalInterface
public interface Meter {

    void spent(Usage usage);
}

package io.loreley.agent;

import io.loreley.domain.Limits;
import io.loreley.domain.Setting;

/** One of several agents that jobs are given to. */
public record PooledAgent(
        @Setting(doc = "What it is called in lists and in the database; no other has the same name.")
        String name,

        @Setting(
                doc = "How often it is chosen beside the others, where `agents-strategy` is `weights`.",
                fallback = "1",
                min = 0.000001,
                max = 1000000)
        double weight,

        @Setting(doc = "Who it is.") AgentSettings agent) {

    public PooledAgent {
        Limits.requireText("name", name, Limits.AGENT);
    }
}

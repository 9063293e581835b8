package io.loreley.agent;

import java.nio.file.Path;

/**
 * Something that reads a request and changes a work tree. Called by one job at a time with a work tree of its own; used
 * by several threads at once.
 */
public interface Agent {

    /**
     * Works on the request.
     *
     * @param workTree a clean checkout of the base commit; whatever files it holds afterwards are the candidate
     * @param scratch an existing folder outside the work tree, kept as the attempt's artifacts: prompt, request, raw
     *     output and report are written there
     * @param meter is told what is spent
     * @throws io.loreley.domain.LoreleyException with kind AGENT_CRASH, AGENT_TIMEOUT or AGENT_OUTPUT, naming the cause
     * @throws InterruptedException if the work was told to stop; no process of the agent is left by then
     */
    AgentReport run(AgentRequest request, Path workTree, Path scratch, Meter meter) throws InterruptedException;

    /** What this agent is called among those that are configured; at most 64 characters. */
    String name();
}

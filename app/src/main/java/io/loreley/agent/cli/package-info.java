/**
 * The coding agents that Loreley can drive: how each is called without a person, and how its stream of events reads.
 * Begin with {@link io.loreley.agent.cli.AgentCli}.
 *
 * <p>Starts nothing, reads no file, and knows nothing of requests and reports.
 */
@NullMarked
package io.loreley.agent.cli;

import org.jspecify.annotations.NullMarked;

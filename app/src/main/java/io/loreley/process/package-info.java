/**
 * Runs external programs so that they cannot outstay, outgrow or outlive their command. Begin with
 * {@link io.loreley.process.ProcessRunner}.
 *
 * <p>This is the only place that starts a process or sends a signal. It knows nothing of git, agents or evaluators, and
 * does not judge an exit code: how a command ended is a value.
 */
@NullMarked
package io.loreley.process;

import org.jspecify.annotations.NullMarked;

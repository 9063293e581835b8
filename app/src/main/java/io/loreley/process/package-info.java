/**
 * Runs one external command: limits, output to files, the whole process group killed. The only {@code ProcessBuilder}.
 *
 * <p>Begin with {@link io.loreley.process.ProcessRunner}. Nothing of the parent's environment is inherited unless it is
 * named, and nothing a command started outlives it.
 */
@NullMarked
package io.loreley.process;

import org.jspecify.annotations.NullMarked;

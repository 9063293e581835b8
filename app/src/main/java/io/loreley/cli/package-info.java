/**
 * The command line: commands, settings, and what a person sees of a run. Begin with {@link io.loreley.cli.Main}.
 *
 * <p>The only package that prints. It knows all others, and none knows it.
 */
@NullMarked
package io.loreley.cli;

import org.jspecify.annotations.NullMarked;

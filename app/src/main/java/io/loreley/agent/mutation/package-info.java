/**
 * Random edits of any text, without a model: what the built-in agent does to a file. Begin with
 * {@link io.loreley.agent.mutation.Operator}.
 *
 * <p>Pure functions of a text and a generator; no I/O, and nothing known of commits or jobs.
 */
@NullMarked
package io.loreley.agent.mutation;

import org.jspecify.annotations.NullMarked;

/**
 * Plans, then changes a work tree: through an external program, or by random edits. Begin with
 * {@link io.loreley.agent.Agent}.
 *
 * <p>Runs programs only through {@code process}; knows nothing of jobs, the archive or the database.
 */
@NullMarked
package io.loreley.agent;

import org.jspecify.annotations.NullMarked;

/**
 * Plans, then changes a work tree, through an external coding agent. Begin with {@link io.loreley.agent.Agent}.
 *
 * <p>Runs programs only through {@code process}; knows nothing of jobs, the archive or the database.
 */
@NullMarked
package io.loreley.agent;

import org.jspecify.annotations.NullMarked;

/**
 * Runs the user's evaluator on a clean checkout and reads its metrics. Begin with
 * {@link io.loreley.evaluation.Evaluator}.
 *
 * <p>Runs programs only through {@code process}; knows nothing of jobs, the archive or the database.
 */
@NullMarked
package io.loreley.evaluation;

import org.jspecify.annotations.NullMarked;

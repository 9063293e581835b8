/**
 * Claims jobs and carries each through its pipeline: work tree, plan, code, commit, evaluate, record.
 *
 * <p>Begin with {@link io.loreley.worker.JobPipeline}, which reads like that line; {@link io.loreley.worker.Worker} is
 * the boundary around it, where every failure becomes the state of a job. Nothing here decides what to search.
 */
@NullMarked
package io.loreley.worker;

import org.jspecify.annotations.NullMarked;

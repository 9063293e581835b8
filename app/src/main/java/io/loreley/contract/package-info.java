/**
 * What the contracts of agents and evaluators have in common: a user's program is told its task in a JSON file, answers
 * in another, and its exit code says whether the answer counts. Begin with {@link io.loreley.contract.ContractProgram}.
 *
 * <p>Runs programs only through {@code process}; knows nothing of what is asked or answered.
 */
@NullMarked
package io.loreley.contract;

import org.jspecify.annotations.NullMarked;

/**
 * What a search remembers: how an inspiration came to be, and what was tried before from the same base and why it fell
 * short. Begin with {@link io.loreley.lineage.Memory}.
 *
 * <p>Everything that is recalled is bounded, and text that agents and evaluators wrote; whoever shows it quotes it as data.
 * No transaction is open while a language model is asked.
 */
@NullMarked
package io.loreley.lineage;

import org.jspecify.annotations.NullMarked;

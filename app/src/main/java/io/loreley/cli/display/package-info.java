/**
 * What a person, or a program, sees of a run. Begin with {@link io.loreley.cli.display.Display}.
 *
 * <p>Draws what it is told; asks nothing of the database or the scheduler.
 */
@NullMarked
package io.loreley.cli.display;

import org.jspecify.annotations.NullMarked;

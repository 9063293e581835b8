package io.loreley.domain;

/**
 * Hears what happens in a run, in the order in which it happened. Called by the scheduler and by workers, so by several
 * threads at once; must return quickly and must not throw.
 */
@FunctionalInterface
public interface RunListener {

    void on(RunEvent event);
}

package io.loreley.store;

import io.loreley.domain.Spending;

/**
 * What the jobs of one agent came to.
 *
 * @param drawn jobs that it was given
 * @param ended those of them that ended, however
 * @param kept those of them whose commit became an elite
 */
public record ArmRecord(String agent, long drawn, long ended, long kept, Spending spent) {}

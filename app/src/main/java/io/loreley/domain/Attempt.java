package io.loreley.domain;

/**
 * One try at a job by one worker.
 *
 * @param number from 1; every write of the worker names it
 */
public record Attempt(JobId job, int number) {}

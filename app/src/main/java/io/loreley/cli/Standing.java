package io.loreley.cli;

import io.loreley.cli.display.Overview;
import io.loreley.domain.ExperimentStatus;

/**
 * Where an experiment stands.
 *
 * @param goal the experiment's, which the project's file may no longer say
 */
record Standing(ExperimentStatus status, String goal, Overview.State state) {}

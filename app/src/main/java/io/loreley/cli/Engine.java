package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.domain.ExperimentStatus;

/** The system behind the commands. */
interface Engine {

    /**
     * Runs the search of a project until its budget is used or a stop is requested, and tells the display about it.
     *
     * @throws io.loreley.domain.LoreleyException if it cannot start or go on
     */
    EndReport run(
            Project project, MachineSettings machine, ExperimentChoice choice, Display display, GracefulStop stop);

    /**
     * Where the experiment of a project stands, whether or not it runs.
     *
     * @throws io.loreley.domain.LoreleyException of kind CONFIGURATION if it was never run
     */
    ExperimentStatus status(Project project, MachineSettings machine);

    /**
     * Opens the database and says what and where it is, without secrets.
     *
     * @throws io.loreley.domain.LoreleyException if it cannot be opened
     */
    String database(MachineSettings machine);

    /** Builds what is slow to build, so that the ahead-of-time cache holds it. Starts nothing. */
    void warmUp();
}

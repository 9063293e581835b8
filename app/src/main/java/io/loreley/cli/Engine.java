package io.loreley.cli;

import io.loreley.cli.display.Display;
import io.loreley.cli.display.EndReport;
import io.loreley.domain.ExperimentId;
import io.loreley.store.Controls;
import io.loreley.store.Workers;
import io.loreley.web.WebSettings;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The system behind the commands. */
interface Engine {

    /**
     * Runs the search of a project until its budget is used or a stop is requested, and tells the display about it.
     *
     * @param web where the dashboard listens meanwhile; absent for none
     * @throws io.loreley.domain.LoreleyException if it cannot start or go on
     */
    EndReport run(
            Project project,
            MachineSettings machine,
            ExperimentChoice choice,
            @Nullable WebSettings web,
            Display display,
            GracefulStop stop);

    /**
     * Serves the dashboard of every experiment of the database until a stop is requested.
     *
     * @param ready is told the address
     */
    void serve(MachineSettings machine, WebSettings web, Consumer<String> ready, GracefulStop stop);

    /**
     * Schedules the search of a project for workers elsewhere, or stands by while another process does. Ends as
     * {@link #run} does.
     */
    EndReport schedule(
            Project project, MachineSettings machine, ExperimentChoice choice, Display display, GracefulStop stop);

    /** Works on the jobs of a project's experiment until a stop is requested. */
    void work(Project project, MachineSettings machine, ExperimentChoice choice, Display display, GracefulStop stop);

    /**
     * Works without the folder of a project: on one experiment, or on whatever this machine's labels allow.
     *
     * @param experiment its name or id; absent for any
     */
    void work(@Nullable String experiment, MachineSettings machine, Display display, GracefulStop stop);

    /** Whom a person talks to about an experiment of this project: the orders, and which experiment it is. */
    <T> T control(Project project, MachineSettings machine, Controlled<T> order);

    /** An order about an experiment. */
    @FunctionalInterface
    interface Controlled<T> {
        T give(Controls controls, Workers workers, ExperimentId experiment);
    }

    /** Whom a person talks to about all that uses this machine's database. */
    <T> T controlAll(MachineSettings machine, ControlledAll<T> order);

    /** An order about a database. */
    @FunctionalInterface
    interface ControlledAll<T> {
        T give(Controls controls, Workers workers);
    }

    /**
     * Where the experiment of a project stands, whether or not it runs.
     *
     * @throws io.loreley.domain.LoreleyException of kind CONFIGURATION if it was never run
     */
    Standing status(Project project, MachineSettings machine);

    /**
     * Opens the database and says what and where it is, without secrets.
     *
     * @throws io.loreley.domain.LoreleyException if it cannot be opened
     */
    String database(MachineSettings machine);

    /** Builds what is slow to build, so that the ahead-of-time cache holds it. Starts nothing. */
    void warmUp();
}

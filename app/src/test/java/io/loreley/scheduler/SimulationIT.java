package io.loreley.scheduler;

import io.loreley.domain.CommitHash;
import io.loreley.git.Hub;
import io.loreley.git.Source;
import io.loreley.process.ProcessRunner;
import io.loreley.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole system on one thread under one seed: see {@link Simulation}. A seed that fails is the name of the failed test;
 * it repeats by itself:
 *
 * <pre>
 * ./mvnw -pl app -am verify -Dtest=NoUnit -Dit.test=SimulationIT -Dloreley.simulation.first=SEED -Dloreley.simulation.seeds=1
 * </pre>
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class SimulationIT {

    private static final long FIRST = Long.getLong("loreley.simulation.first", 0);
    /** What {@code verify} has time for; a thousand and more are one property away. */
    private static final long SEEDS = Long.getLong("loreley.simulation.seeds", 60);

    @RegisterExtension
    static final TestDatabase POSTGRES = new TestDatabase();

    @TempDir
    static Path folder;

    private static final ProcessRunner PROCESSES = new ProcessRunner();
    private static Hub hub;
    private static CommitHash root;

    @BeforeAll
    static void root() throws IOException {
        Path files = Files.createDirectories(folder.resolve("files"));
        Files.writeString(files.resolve("value.txt"), "0\n");
        hub = Hub.open(folder.resolve("hub"), PROCESSES);
        root = hub.fetch(new Source.FolderSource(files), "HEAD");
    }

    @AfterAll
    static void end() {
        hub.close();
        PROCESSES.close();
    }

    static LongStream seeds() {
        return LongStream.range(FIRST, FIRST + SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatever_dies_and_whenever_nothing_is_lost_and_nothing_is_paid_twice(long seed) throws Exception {
        try (Simulation simulation = new Simulation(POSTGRES.database(), hub, root, folder, seed)) {
            simulation.run();
            simulation.check();
        }
    }
}

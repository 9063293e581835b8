package io.loreley.worker;

import io.loreley.domain.CommitHash;
import io.loreley.domain.EvolutionJob;
import io.loreley.domain.FailureKind;
import io.loreley.domain.JobId;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One claimed attempt of one job, and where it is worked on.
 *
 * @param slot the warm work trees it may use, alone
 * @param scratch an existing folder for the attempt's artifacts
 */
record Assignment(EvolutionJob job, Slot slot, Path scratch) {

    JobId id() {
        return job.id();
    }

    int attempt() {
        return job.attempt();
    }

    /** Gives a folder of the attempt's another name, so that what is written next does not replace it. */
    void keepAside(String folder, String name) {
        try {
            if (Files.isDirectory(scratch.resolve(folder))) {
                Files.move(scratch.resolve(folder), scratch.resolve(name));
            }
        } catch (IOException e) {
            throw new LoreleyException(FailureKind.STORAGE, "cannot rename %s in %s".formatted(folder, scratch), e);
        }
    }

    CommitHash base() {
        CommitHash base = job.base();
        if (base == null) {
            throw new LoreleyException(FailureKind.CONFIGURATION, "job %s names no base commit".formatted(job.id()));
        }
        return base;
    }
}

package io.loreley.domain;

import java.util.Locale;

/** A step of a job that is paid for, and recorded when it ended. */
public enum StageName {
    /** An agent says what to change. */
    PLAN,
    /** An agent changes the work tree; the files it left are the candidate. */
    CODE,
    /** The evaluator measures the candidate. */
    EVALUATE;

    /** As {@code evolution_jobs.stage} and people have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

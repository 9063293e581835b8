package io.loreley.llm;

import java.time.Duration;

/** Waits before a request is made again. */
public interface Pause {

    /** Waits with the machine's clock. */
    Pause REAL = Thread::sleep;

    /** Lets this much time pass. */
    void await(Duration duration) throws InterruptedException;
}

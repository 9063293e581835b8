package io.loreley.process;

import io.loreley.process.Ending.Resource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks at a command that runs, and says when it has to end. For one thread. */
final class Watch {

    private static final long COUNT_EVERY_NANOS = Duration.ofMillis(50).toNanos();

    /** Counting takes longer the more processes the machine has; it may take this part of the time. */
    private static final int COUNTING_SHARE = 20;

    private final Process process;
    private final Command command;
    private final OutputFiles output;
    private final long deadline;
    private long written;
    private long lastWritten;
    private long nextCount;

    Watch(Process process, Command command, OutputFiles output, long started) {
        this.process = process;
        this.command = command;
        this.output = output;
        this.deadline = started + command.limits().time().toNanos();
        this.lastWritten = started;
        this.nextCount = started;
    }

    /** Nanoseconds until its time is up; not positive if it is. */
    long left() {
        return deadline - System.nanoTime();
    }

    /** How the command ended, or must end now; nothing if it may go on. */
    @Nullable
    Ending look(boolean ended) {
        long now = System.nanoTime();
        long bytes = output.bytes();
        if (bytes > command.limits().outputBytes()) {
            return new Ending.OutputExceeded();
        }
        if (ended) {
            return new Ending.Exited(process.exitValue());
        }
        if (now >= deadline) {
            return new Ending.TimedOut();
        }
        if (bytes != written) {
            written = bytes;
            lastWritten = now;
        }
        Duration silence = command.limits().silence();
        if (silence != null && now - lastWritten > silence.toNanos()) {
            return new Ending.WentSilent();
        }
        return count(now);
    }

    private @Nullable Ending count(long now) {
        Resources allowed = command.limits().resources();
        if (allowed.needNoCount() || now < nextCount) {
            return null;
        }
        Census census = Census.ofSession(process.pid());
        long counted = System.nanoTime();
        nextCount = counted + Math.max(COUNT_EVERY_NANOS, COUNTING_SHARE * (counted - now));
        if (allowed.processes() != null && census.processes() > allowed.processes()) {
            return new Ending.Exhausted(Resource.PROCESSES);
        }
        if (allowed.memoryBytes() != null && census.memoryBytes() > allowed.memoryBytes()) {
            return new Ending.Exhausted(Resource.MEMORY);
        }
        if (allowed.cpuTime() != null && census.cpuTime().compareTo(allowed.cpuTime()) > 0) {
            return new Ending.Exhausted(Resource.CPU_TIME);
        }
        return null;
    }
}

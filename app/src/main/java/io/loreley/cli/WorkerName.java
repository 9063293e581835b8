package io.loreley.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a worker process in the queue so that, on its own machine, one can tell whether it still lives: host, process
 * id, and the second it started, since ids are used again. At most 50 characters, which is what the queue stores.
 */
record WorkerName(String host, long pid, long startedAt) {

    private static final int HOST_LENGTH = 24;
    private static final Pattern TEXT = Pattern.compile("(.+):(\\d+):(\\d+)");

    static WorkerName ofThisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return new WorkerName(hostName(), self.pid(), startSecond(self));
    }

    /** Whether a name is that of a process of this machine which has ended. Names of other machines are never known to be. */
    boolean knowsDead(String other) {
        Matcher matcher = TEXT.matcher(other);
        if (!matcher.matches() || !matcher.group(1).equals(host)) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(matcher.group(2)));
        long started = Long.parseLong(matcher.group(3));
        return process.filter(ProcessHandle::isAlive)
                .map(alive -> Math.abs(startSecond(alive) - started) > 1)
                .orElse(true);
    }

    private static long startSecond(ProcessHandle process) {
        return process.info().startInstant().map(Instant::getEpochSecond).orElse(0L);
    }

    private static String hostName() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            name = "localhost";
        }
        return name.length() <= HOST_LENGTH ? name : name.substring(0, HOST_LENGTH);
    }

    @Override
    public String toString() {
        return host + ":" + pid + ":" + startedAt;
    }
}

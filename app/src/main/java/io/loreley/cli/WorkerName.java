package io.loreley.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a worker process in the queue, so that no other ever has the name and that one can tell, where it can be known,
 * whether it still lives. At most 50 characters, which is what the queue stores: the beginning of the host's name for
 * people, a digest of where process ids are unique, the id, and the second it started, since ids are used again.
 *
 * @param origin a digest of host, boot and process namespace: within it, process ids can be compared
 */
record WorkerName(String host, String origin, long pid, long startedAt) {

    private static final int HOST_LENGTH = 20;
    private static final int ORIGIN_DIGITS = 8;
    private static final Pattern TEXT = Pattern.compile("(?s).*-([0-9a-f]{8}):(\\d+):(\\d+)");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    static WorkerName ofThisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return of(hostName(), processSpace(), self.pid(), startSecond(self));
    }

    /** @param space what tells the places apart in which process ids are unique, beside the host's name */
    static WorkerName of(String host, String space, long pid, long startedAt) {
        return new WorkerName(
                host, CanonicalJson.sha256(host + "\n" + space).substring(0, ORIGIN_DIGITS), pid, startedAt);
    }

    /**
     * Whether a name is that of a process of this machine, as we see it, which has ended. Names of other machines and
     * containers are never known to be.
     */
    boolean knowsDead(String other) {
        Matcher matcher = TEXT.matcher(other);
        if (!matcher.matches() || !matcher.group(1).equals(origin)) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(matcher.group(2)));
        long started = Long.parseLong(matcher.group(3));
        return process.filter(ProcessHandle::isAlive)
                .map(alive -> Math.abs(startSecond(alive) - started) > 1)
                .orElse(true);
    }

    /** The name where a colon would not do, as in a path. */
    String fileName() {
        return toString().replace(':', '@');
    }

    /** As {@link #knowsDead}, of a {@link #fileName}. */
    boolean knowsDeadByFile(String other) {
        return knowsDead(other.replace('@', ':'));
    }

    private static long startSecond(ProcessHandle process) {
        return process.info().startInstant().map(Instant::getEpochSecond).orElse(0L);
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Where Linux does not say, a space of our own: nobody is known to be dead then, and heartbeats tell. */
    private static String processSpace() {
        try {
            return Files.readString(BOOT) + Files.readSymbolicLink(NAMESPACE);
        } catch (IOException e) {
            return UUID.randomUUID().toString();
        }
    }

    @Override
    public String toString() {
        String beginning = host.length() <= HOST_LENGTH ? host : host.substring(0, HOST_LENGTH);
        return "%s-%s:%d:%d".formatted(beginning, origin, pid, startedAt);
    }
}

package io.loreley.web;

import io.loreley.domain.ExperimentId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are kept until the experiment changes, so that fifty viewers cost what one costs. One that took long is served
 * a little old rather than computed at every change: it takes at most a tenth of the time, but is never long behind, so that
 * whoever asks once more after the last change learns of it. Safe for many threads.
 */
final class KeptReplies {

    private static final int MOST_ENTRIES = 256;

    /** Bytes, as they are sent and zipped. */
    private static final long MOST_BYTES = 48L << 20;

    private static final int SHARE_OF_TIME = 10;

    /** What an answer may be behind a change. */
    private static final Duration LONGEST_BEHIND = Duration.ofSeconds(20);

    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

    private final Pulse pulse;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    KeptReplies(Pulse pulse, InstantSource clock) {
        this.pulse = pulse;
        this.clock = clock;
    }

    /** The answer to an address, computed if none is kept or the experiment changed. */
    Reply reply(Call call, ExperimentId experiment, Supplier<Object> compute) {
        return reply(call, experiment, FOR_EVER, compute);
    }

    /**
     * As {@link #reply(Call, ExperimentId, Supplier)}, for an answer in which a clock runs.
     *
     * @param longest how old it may get while nothing changes
     */
    Reply reply(Call call, ExperimentId experiment, Duration longest, Supplier<Object> compute) {
        return reply(call.address(), experiment, longest, compute);
    }

    Reply reply(String address, ExperimentId experiment, Duration longest, Supplier<Object> compute) {
        Object marker = pulse.marker(experiment);
        Entry entry = entry(address);
        Answer known = entry.answer;
        if (known != null && isGood(known, marker, longest)) {
            return known.document;
        }
        if (known != null && !entry.computing.tryLock()) {
            return known.document;
        }
        if (known == null) {
            entry.computing.lock();
        }
        try {
            Answer meanwhile = entry.answer;
            if (meanwhile != null && isGood(meanwhile, marker, longest)) {
                return meanwhile.document;
            }
            Instant begun = clock.instant();
            Reply.Document document = Documents.document(compute.get());
            Instant ended = clock.instant();
            Answer answer = new Answer(document, marker, ended, Duration.between(begun, ended));
            keep(address, entry, answer);
            return document;
        } finally {
            forgetIfEmpty(address, entry);
            entry.computing.unlock();
        }
    }

    private boolean isGood(Answer answer, Object marker, Duration longest) {
        Duration age = Duration.between(answer.at, clock.instant());
        Duration behind = answer.took.multipliedBy(SHARE_OF_TIME);
        boolean isRecent = Pulse.isYounger(age, behind) && Pulse.isYounger(age, LONGEST_BEHIND);
        boolean holds = answer.marker.equals(marker) && Pulse.isYounger(age, longest);
        return isRecent || holds;
    }

    private Entry entry(String address) {
        lock.lock();
        try {
            return entries.computeIfAbsent(address, key -> new Entry());
        } finally {
            lock.unlock();
        }
    }

    private void keep(String address, Entry entry, Answer answer) {
        lock.lock();
        try {
            Answer before = entry.answer;
            entry.answer = answer;
            if (entries.get(address) != entry) {
                return; // let go of while it was computed: it is for those who wait for it, and no longer counted
            }
            bytes += answer.size() - (before == null ? 0 : before.size());
            var oldest = entries.values().iterator();
            while ((bytes > MOST_BYTES || entries.size() > MOST_ENTRIES) && oldest.hasNext()) {
                Entry old = oldest.next();
                if (old != entry) {
                    bytes -= old.answer == null ? 0 : old.answer.size();
                    old.answer = null;
                    oldest.remove();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** What could not be computed leaves nothing behind. */
    private void forgetIfEmpty(String address, Entry entry) {
        lock.lock();
        try {
            if (entry.answer == null) {
                entries.remove(address, entry);
            }
        } finally {
            lock.unlock();
        }
    }

    private static final class Entry {
        private final ReentrantLock computing = new ReentrantLock();
        private volatile @Nullable Answer answer;
    }

    private record Answer(Reply.Document document, Object marker, Instant at, Duration took) {
        long size() {
            return document.bytes().length + (long) document.zipped().length;
        }
    }
}

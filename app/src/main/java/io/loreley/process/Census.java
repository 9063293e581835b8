package io.loreley.process;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The living processes of a command, and what they use together: the members of its session, and the descendants of
 * either. Linux only; elsewhere nobody is counted.
 *
 * @param memoryBytes resident, pages that processes share counted for each
 * @param cpuTime of the living, and of their children that they have waited for
 */
record Census(int processes, long memoryBytes, Duration cpuTime) {

    private static final Path PROC = Path.of("/proc");

    /** {@code sysconf(3)} names, the same on all Linux. */
    private static final int CLOCK_TICKS = 2;

    private static final int PAGE_SIZE = 30;

    /** Positions in {@code /proc/PID/stat} behind the name, which may hold spaces: proc(5) counts from 3 there. */
    private static final int PARENT = 1;

    private static final int SESSION = 3;
    private static final int FIRST_TIME = 11;
    private static final int LAST_TIME = 14;
    private static final int RESIDENT_PAGES = 21;

    /** Counts those of the session that this process leads. */
    static Census ofSession(long leader) {
        List<Entry> all = everybody();
        Map<Long, List<Entry>> children = new HashMap<>();
        Deque<Entry> members = new ArrayDeque<>();
        for (Entry entry : all) {
            if (entry.session() == leader) {
                members.add(entry);
            } else {
                children.computeIfAbsent(entry.parent(), parent -> new ArrayList<>())
                        .add(entry);
            }
        }
        int processes = 0;
        long pages = 0;
        long ticks = 0;
        while (!members.isEmpty()) {
            Entry member = members.poll();
            members.addAll(children.getOrDefault(member.pid(), List.of()));
            children.remove(member.pid());
            processes++;
            pages += member.pages();
            ticks += member.ticks();
        }
        return new Census(
                processes, pages * Machine.PAGE_BYTES, Duration.ofMillis(ticks * 1000 / Machine.TICKS_A_SECOND));
    }

    private static List<Entry> everybody() {
        List<Entry> all = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path folder : folders) {
                read(folder, all);
            }
        } catch (IOException e) {
            return List.of(); // no /proc: not Linux
        }
        return all;
    }

    private static void read(Path folder, List<Entry> all) {
        try {
            String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields =
                    stat.substring(stat.lastIndexOf(')') + 2).stripTrailing().split(" ");
            long ticks = 0;
            for (int i = FIRST_TIME; i <= LAST_TIME; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            all.add(new Entry(
                    Long.parseLong(folder.getFileName().toString()),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[SESSION]),
                    Long.parseLong(fields[RESIDENT_PAGES]),
                    ticks));
        } catch (IOException e) {
            // It ended meanwhile.
        }
    }

    private record Entry(long pid, long parent, long session, long pages, long ticks) {}

    /** In which units the kernel counts. */
    private static final class Machine {

        static final long TICKS_A_SECOND = sysconf(CLOCK_TICKS);
        static final long PAGE_BYTES = sysconf(PAGE_SIZE);

        @SuppressWarnings("restricted")
        private static long sysconf(int name) {
            Linker linker = Linker.nativeLinker();
            MethodHandle call = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("sysconf"),
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
            return Downcall.of(() -> (long) call.invokeExact(name));
        }
    }
}

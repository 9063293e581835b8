package io.loreley.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts programs with the C library's own {@code posix_spawn}, each as the leader of a session. The JDK would start a
 * helper first, which starts {@code setsid}, which starts the program; three programs cost three times as much, and a job
 * starts a dozen. Safe for many threads.
 *
 * <p>For Linux with a C library that can close all other files of the child (glibc 2.34 and later): what the JVM has open,
 * connections to the database among it, must not outlive it in a program that it started.
 */
final class Spawner {

    // The C library's constants, the same on all machines that the JDK supports under Linux.
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY_CREAT_TRUNC = 0x1 | 0x40 | 0x200;
    private static final int MODE = 0666;
    private static final short SETSIGMASK_AND_SETSID = 0x08 | 0x80;
    private static final int ENOEXEC = 8;

    /** More than any C library's posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t take. */
    private static final long OPAQUE_BYTES = 1024;

    /** As the JDK passes arguments and names of files. */
    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private static final FunctionDescriptor OF_POINTER = answersInt(ValueLayout.ADDRESS);

    private final MethodHandle spawn;
    private final MethodHandle initAttributes;
    private final MethodHandle setFlags;
    private final MethodHandle setSignalMask;
    private final MethodHandle initActions;
    private final MethodHandle destroyActions;
    private final MethodHandle addOpen;
    private final MethodHandle addDuplicate;
    private final MethodHandle addFolder;
    private final MethodHandle addCloseFrom;

    private Spawner(SymbolLookup library) {
        this.spawn = link(
                library,
                "posix_spawn",
                answersInt(
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS));
        FunctionDescriptor ofTwoPointers = answersInt(ValueLayout.ADDRESS, ValueLayout.ADDRESS);
        this.initAttributes = link(library, "posix_spawnattr_init", OF_POINTER);
        this.setFlags =
                link(library, "posix_spawnattr_setflags", answersInt(ValueLayout.ADDRESS, ValueLayout.JAVA_SHORT));
        this.setSignalMask = link(library, "posix_spawnattr_setsigmask", ofTwoPointers);
        this.initActions = link(library, "posix_spawn_file_actions_init", OF_POINTER);
        this.destroyActions = link(library, "posix_spawn_file_actions_destroy", OF_POINTER);
        this.addOpen = link(
                library,
                "posix_spawn_file_actions_addopen",
                answersInt(
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT));
        this.addDuplicate = link(
                library,
                "posix_spawn_file_actions_adddup2",
                answersInt(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        this.addFolder = link(library, "posix_spawn_file_actions_addchdir_np", ofTwoPointers);
        this.addCloseFrom = link(
                library,
                "posix_spawn_file_actions_addclosefrom_np",
                answersInt(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    }

    /** Empty where the system lacks what is needed. */
    static Optional<Spawner> ofThisMachine() {
        return Machine.SPAWNER;
    }

    /** Linked when the first program is started, once. */
    private static final class Machine {

        static final Optional<Spawner> SPAWNER = find();

        private static Optional<Spawner> find() {
            SymbolLookup library = Linker.nativeLinker().defaultLookup();
            boolean isUsable = System.getProperty("os.name").equals("Linux")
                    && library.find("posix_spawn_file_actions_addclosefrom_np").isPresent()
                    && library.find("posix_spawn_file_actions_addchdir_np").isPresent();
            return isUsable ? Optional.of(new Spawner(library)) : Optional.empty();
        }
    }

    /**
     * Starts a program.
     *
     * @param words the program's file, absolute, and its arguments
     * @throws IOException if the system refuses
     */
    Process start(List<String> words, Path directory, Map<String, String> environment, Streams streams)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(OPAQUE_BYTES, Long.BYTES);
            must("prepare", call(initAttributes, attributes));
            must("prepare", Downcall.of(() -> (int) setFlags.invokeExact(attributes, SETSIGMASK_AND_SETSID)));
            MemorySegment noSignals = arena.allocate(OPAQUE_BYTES, Long.BYTES);
            must("prepare", Downcall.of(() -> (int) setSignalMask.invokeExact(attributes, noSignals)));
            MemorySegment actions = arena.allocate(OPAQUE_BYTES, Long.BYTES);
            must("prepare", call(initActions, actions));
            try {
                connect(actions, directory, streams, arena);
                return SpawnedProcess.of(started(words, environment, actions, attributes, arena));
            } finally {
                call(destroyActions, actions);
            }
        }
    }

    private void connect(MemorySegment actions, Path directory, Streams streams, Arena arena) throws IOException {
        open(actions, 0, streams.input(), O_RDONLY, arena);
        open(actions, 1, streams.output(), O_WRONLY_CREAT_TRUNC, arena);
        if (streams.areMerged()) {
            must("prepare", Downcall.of(() -> (int) addDuplicate.invokeExact(actions, 1, 2)));
        } else {
            open(actions, 2, streams.error(), O_WRONLY_CREAT_TRUNC, arena);
        }
        MemorySegment folder = text(directory.toAbsolutePath().toString(), arena);
        must("prepare", Downcall.of(() -> (int) addFolder.invokeExact(actions, folder)));
        must("prepare", Downcall.of(() -> (int) addCloseFrom.invokeExact(actions, 3)));
    }

    private void open(MemorySegment actions, int stream, Path file, int flags, Arena arena) throws IOException {
        MemorySegment path = text(file.toAbsolutePath().toString(), arena);
        must("prepare", Downcall.of(() -> (int) addOpen.invokeExact(actions, stream, path, flags, MODE)));
    }

    private int started(
            List<String> words,
            Map<String, String> environment,
            MemorySegment actions,
            MemorySegment attributes,
            Arena arena)
            throws IOException {
        MemorySegment variables = texts(
                environment.entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList(),
                arena);
        MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
        int answer = spawn(number, words, actions, attributes, variables, arena);
        if (answer == ENOEXEC) { // a script that does not say for whom, which is the shell's
            List<String> script = new ArrayList<>(List.of(Enclosure.SHELL));
            script.addAll(words);
            answer = spawn(number, script, actions, attributes, variables, arena);
        }
        must("start %s".formatted(words.getFirst()), answer);
        return number.get(ValueLayout.JAVA_INT, 0);
    }

    private int spawn(
            MemorySegment number,
            List<String> words,
            MemorySegment actions,
            MemorySegment attributes,
            MemorySegment variables,
            Arena arena)
            throws IOException {
        MemorySegment program = text(words.getFirst(), arena);
        MemorySegment arguments = texts(words, arena);
        return Downcall.of(() -> (int) spawn.invokeExact(number, program, actions, attributes, arguments, variables));
    }

    private static int call(MethodHandle function, MemorySegment argument) {
        return Downcall.of(() -> (int) function.invokeExact(argument));
    }

    private static void must(String what, int error) throws IOException {
        if (error != 0) {
            throw new IOException("cannot %s: %s".formatted(what, SystemError.describe(error)));
        }
    }

    private static MemorySegment texts(List<String> texts, Arena arena) throws IOException {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L); // ends with a null
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, text(texts.get(i), arena));
        }
        return array;
    }

    private static MemorySegment text(String text, Arena arena) throws IOException {
        if (text.indexOf('\0') >= 0) {
            throw new IOException("a program cannot be given a zero byte: '%s'".formatted(text.replace('\0', '␀')));
        }
        byte[] bytes = text.getBytes(NATIVE);
        MemorySegment segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    private static FunctionDescriptor answersInt(MemoryLayout... arguments) {
        return FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }
}

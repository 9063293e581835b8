package io.loreley.cli.display;

import io.loreley.process.Downcall;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Standard input, read key by key, without an echo, where it is a terminal and the system lets us; elsewhere nothing is
 * read. What the system keeps of a terminal is never looked into: it is fetched, made raw and given back by the system's own
 * functions, so that its layout does not matter.
 */
public final class Keyboard implements AutoCloseable {

    private static final int STANDARD_INPUT = 0;
    private static final int NOW = 0; // TCSANOW, the same everywhere
    private static final long ROOM = 256; // bytes; struct termios takes 60 on Linux and 72 on macOS

    private final @Nullable Terminal terminal;
    private boolean open = true;

    private Keyboard(@Nullable Terminal terminal) {
        this.terminal = terminal;
    }

    /** Takes the terminal over until it is closed. */
    public static Keyboard open() {
        Terminal terminal = Terminal.find();
        return new Keyboard(terminal != null && terminal.makeRaw() ? terminal : null);
    }

    /** The next byte that was typed; -1 once there is none. Waits for it. */
    public int read() {
        if (terminal == null) {
            return -1;
        }
        try {
            return System.in.read();
        } catch (IOException e) {
            return -1; // the terminal is gone
        }
    }

    /** Gives the terminal back as it was. Safe to call twice. */
    @Override
    public synchronized void close() {
        if (open && terminal != null) {
            terminal.restore();
        }
        open = false;
    }

    /** The three functions of the C library that it takes. */
    private record Terminal(MemorySegment get, MemorySegment set, MemorySegment raw, MemorySegment before) {

        private static @Nullable Terminal find() {
            SymbolLookup library = Linker.nativeLinker().defaultLookup();
            MemorySegment get = library.find("tcgetattr").orElse(null);
            MemorySegment set = library.find("tcsetattr").orElse(null);
            MemorySegment raw = library.find("cfmakeraw").orElse(null);
            return get == null || set == null || raw == null
                    ? null
                    : new Terminal(get, set, raw, Arena.ofAuto().allocate(ROOM, Long.BYTES));
        }

        @SuppressWarnings("restricted") // as in TerminalSize
        private boolean makeRaw() {
            MethodHandle ask = Linker.nativeLinker()
                    .downcallHandle(
                            get,
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            MethodHandle change =
                    Linker.nativeLinker().downcallHandle(raw, FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
            if (Downcall.of(() -> (int) ask.invokeExact(STANDARD_INPUT, before)) != 0) {
                return false;
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment changed = arena.allocate(ROOM, Long.BYTES).copyFrom(before);
                Downcall.of(() -> {
                    change.invokeExact(changed);
                    return true;
                });
                return set(changed);
            }
        }

        private void restore() {
            var _ = set(before);
        }

        @SuppressWarnings("restricted")
        private boolean set(MemorySegment settings) {
            MethodHandle call = Linker.nativeLinker()
                    .downcallHandle(
                            set,
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS));
            return Downcall.of(() -> (int) call.invokeExact(STANDARD_INPUT, NOW, settings)) == 0;
        }
    }
}

package io.loreley.cli.display;

import io.loreley.process.Downcall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Rows and columns of the terminal that standard output is. */
public record TerminalSize(int rows, int columns) {

    private static final int STANDARD_OUTPUT = 1;
    private static final long LINUX_TIOCGWINSZ = 0x5413;
    private static final long MACOS_TIOCGWINSZ = 0x40087468;
    private static final long WINSIZE = 4L * Short.BYTES; // struct winsize: rows, columns and two sizes in pixels

    /** Asks the terminal; empty if standard output is none, or the system has no such question. */
    @SuppressWarnings("restricted") // the one native call; the launcher and the manifest enable it
    public static Optional<TerminalSize> ofStandardOutput() {
        Optional<MemorySegment> function = Linker.nativeLinker().defaultLookup().find("ioctl");
        if (function.isEmpty()) {
            return Optional.empty();
        }
        long request = System.getProperty("os.name").startsWith("Mac") ? MACOS_TIOCGWINSZ : LINUX_TIOCGWINSZ;
        MethodHandle ioctl = Linker.nativeLinker()
                .downcallHandle(
                        function.get(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                        Linker.Option.firstVariadicArg(2));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE);
            int answer = Downcall.of(() -> (int) ioctl.invokeExact(STANDARD_OUTPUT, request, size));
            int rows = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, Short.BYTES));
            return answer == 0 && rows > 0 && columns > 0
                    ? Optional.of(new TerminalSize(rows, columns))
                    : Optional.empty();
        }
    }
}

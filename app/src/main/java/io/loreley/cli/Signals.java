package io.loreley.cli;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hears Ctrl-C and a polite kill, each time they come: a shutdown hook hears the first one only, and has the process
 * end while it runs. Asks the virtual machine by reflection, since what it offers is no part of the Java platform; where
 * it offers nothing, there is nothing to hear.
 */
final class Signals implements AutoCloseable {

    private static final List<String> NAMES = List.of("INT", "TERM");

    private final Class<?> signals;
    private final Class<?> handlers;
    private final Map<String, Object> before = new HashMap<>();

    private Signals(Class<?> signals, Class<?> handlers) {
        this.signals = signals;
        this.handlers = handlers;
    }

    /** Calls {@code heard} at each signal, until it is closed. */
    @SuppressWarnings("ReferenceEquality") // a handler is itself and no other
    static Optional<Signals> listen(Runnable heard) {
        try {
            Signals listening = new Signals(Class.forName("sun.misc.Signal"), Class.forName("sun.misc.SignalHandler"));
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(),
                    new Class<?>[] {listening.handlers},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            heard.run();
                            yield null;
                        }
                        case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "a handler of Loreley";
                    });
            for (String name : NAMES) {
                listening.before.put(name, listening.handle(name, handler));
            }
            return Optional.of(listening);
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    private Object handle(String name, Object handler) throws ReflectiveOperationException {
        Object signal = signals.getConstructor(String.class).newInstance(name);
        return signals.getMethod("handle", signals, handlers).invoke(null, signal, handler);
    }

    /** Whoever heard them before hears them again. */
    @Override
    public void close() {
        before.forEach((name, handler) -> {
            try {
                handle(name, handler);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("signal %s could be heard, and cannot be let go".formatted(name), e);
            }
        });
        before.clear();
    }
}

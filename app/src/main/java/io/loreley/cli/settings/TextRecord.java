package io.loreley.cli.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;

/**
 * A record that is written as one text, such as {@code latency_ms <= 20}: it has a public static method {@code parse} that
 * takes the text, and refuses with {@link IllegalArgumentException} what it cannot read.
 */
final class TextRecord {

    private TextRecord() {}

    /** The method that reads a record from text; empty where the type has none. */
    static Optional<Method> reader(Class<?> type) {
        return type.isRecord()
                ? Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.getName().equals("parse")
                                && Modifier.isStatic(method.getModifiers())
                                && Modifier.isPublic(method.getModifiers())
                                && method.getReturnType() == type
                                && method.getParameterCount() == 1
                                && method.getParameterTypes()[0] == String.class)
                        .findFirst()
                : Optional.empty();
    }

    /** Reads with what {@link #reader} found. */
    static Object read(Method reader, String text) {
        try {
            return reader.invoke(null, text);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("cannot read '%s' with %s".formatted(text, reader), e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot call " + reader, e);
        }
    }
}

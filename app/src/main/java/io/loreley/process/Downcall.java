package io.loreley.process;

/**
 * A call of a C function. Method handles declare {@code Throwable}, and such a call throws nothing that is checked: it is
 * said here, so that no caller has to.
 */
@FunctionalInterface
public interface Downcall<T> {

    T call() throws Throwable;

    /** Its answer. */
    static <T> T of(Downcall<T> function) {
        try {
            return function.call();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing checked", e);
        }
    }
}

package io.loreley.domain;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one component of a settings record: what it means, its default, its range. The loader binds
 * {@code loreley.yaml} to the records by it, and the reference page is generated from it. The key in the file is the
 * component's name in kebab-case, unless {@link #key} says otherwise.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

    /** One sentence for the reference page. */
    String doc();

    /** The key in the file, where it is not the component's name; empty for the name. */
    String key() default "";

    /** The default as it would be written in the file; empty means that the key is required or, if nullable, absent. */
    String fallback() default "";

    /** The smallest allowed value of a number, inclusive. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The largest allowed value of a number, inclusive. */
    double max() default Double.POSITIVE_INFINITY;

    /** The environment variable that overrides the file; empty for none. */
    String env() default "";
}

package io.loreley.agent;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes one component of a report: to an agent, through the JSON schema, and to {@link ReportFormat}, which checks it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Field {

    /** What the agent is to write there. */
    String doc();

    /** Characters of the text, or of each text of a list. */
    int max() default 0;

    /** Items of the list. */
    int items() default 0;

    /** Whether a report that leaves it blank or empty says nothing. */
    boolean essential() default false;
}

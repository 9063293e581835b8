/**
 * What evaluators write, read as metrics: Loreley's own contract, JUnit XML, and the JSON of JMH and hyperfine. Begin with
 * {@link io.loreley.evaluation.report.ReportFormat}.
 *
 * <p>Whatever is read was written by programs that are not trusted: bounded, strict, and no link is followed.
 */
@NullMarked
package io.loreley.evaluation.report;

import org.jspecify.annotations.NullMarked;

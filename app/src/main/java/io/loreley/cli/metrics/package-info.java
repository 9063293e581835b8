/**
 * What a process says of itself to Prometheus and to whoever asks whether it is well. Begin at
 * {@link io.loreley.cli.metrics.MetricsServer}.
 */
@NullMarked
package io.loreley.cli.metrics;

import org.jspecify.annotations.NullMarked;

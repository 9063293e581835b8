package io.loreley.evaluation.report;

import io.loreley.contract.Exchange;
import io.loreley.contract.ForeignFile;
import io.loreley.contract.Role;
import io.loreley.domain.Json;
import tools.jackson.databind.JsonNode;

/** The JSON that a tool for benchmarks wrote. */
final class JsonReport {

    /** A benchmark with its raw data. */
    private static final int BYTES = 16 << 20;

    private JsonReport() {}

    static JsonNode of(Exchange exchange) {
        return Json.parse(ForeignFile.read(exchange.result(), BYTES, Role.EVALUATOR)
                .orElseThrow(() -> new IllegalArgumentException("left no report " + exchange.resultName())));
    }
}

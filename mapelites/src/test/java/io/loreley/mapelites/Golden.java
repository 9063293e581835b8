package io.loreley.mapelites;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Numbers made by other libraries; see golden/README.md in the test resources. */
@SuppressWarnings("exports")
public final class Golden {

    private Golden() {}

    public static JsonNode read(String name) {
        try (InputStream stream = Golden.class.getResourceAsStream("/golden/" + name)) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(stream, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A number, or the string that stands for one that is not finite. */
    public static double number(JsonNode node) {
        return node.isString() ? Double.parseDouble(node.stringValue()) : node.doubleValue();
    }

    public static double[] numbers(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .mapToDouble(Golden::number)
                .toArray();
    }

    public static double[][] rows(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(Golden::numbers)
                .toArray(double[][]::new);
    }
}

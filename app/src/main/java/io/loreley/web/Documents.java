package io.loreley.web;

import io.loreley.domain.CommitHash;
import io.loreley.domain.Digests;
import io.loreley.domain.ExperimentId;
import io.loreley.domain.JobId;
import io.loreley.domain.Requirement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** Values as the JSON that clients read: names in snake case, identifiers and conditions as text, moments in ISO 8601. */
final class Documents {

    /** Below this, zipping costs more than it saves. */
    private static final int WORTH_ZIPPING = 1400;

    private static final int TAG_DIGITS = 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(asText())
            .build();

    private Documents() {}

    private static JacksonModule asText() {
        return new SimpleModule()
                .addSerializer(CommitHash.class, ToStringSerializer.instance)
                .addSerializer(JobId.class, ToStringSerializer.instance)
                .addSerializer(ExperimentId.class, ToStringSerializer.instance)
                .addSerializer(Requirement.class, ToStringSerializer.instance);
    }

    static byte[] json(Object value) {
        return JSON.writeValueAsBytes(value);
    }

    static String line(Object value) {
        return JSON.writeValueAsString(value);
    }

    static Reply.Document document(Object value) {
        return document(json(value));
    }

    /** With its tag, and zipped if that is shorter. */
    static Reply.Document document(byte[] bytes) {
        return new Reply.Document(bytes, bytes.length < WORTH_ZIPPING ? bytes : zip(bytes), tag(bytes));
    }

    static String tag(byte[] bytes) {
        return "\"" + Digests.hex(Digests.sha256().digest(bytes)).substring(0, TAG_DIGITS) + "\"";
    }

    static byte[] zip(byte[] bytes) {
        var zipped = new ByteArrayOutputStream(bytes.length / 3 + 64);
        try (var out = new GZIPOutputStream(zipped) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return zipped.toByteArray();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package io.loreley.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Damaged copies of a text, the same at every call: bytes flipped, spans deleted, doubled, or replaced by JSON tokens. */
public final class MutatedText {

    private static final String[] TOKENS = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        ",",
        ":",
        "null",
        "NaN",
        "-Infinity",
        "1e999",
        "true",
        "\\u0000",
        "\\ud800",
        "\n",
        "\0"
    };

    private MutatedText() {}

    public static Stream<byte[]> of(String text, int count) {
        byte[] original = text.getBytes(UTF_8);
        return IntStream.range(0, count).mapToObj(seed -> {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            byte[] damaged = original;
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged = damage(damaged, random);
            }
            return damaged;
        });
    }

    private static byte[] damage(byte[] content, RandomGenerator random) {
        int from = random.nextInt(content.length + 1);
        int to = Math.min(content.length, from + random.nextInt(1 + random.nextInt(20)));
        byte[] replacement = switch (random.nextInt(4)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> new String(content, from, to - from, UTF_8).repeat(2).getBytes(UTF_8);
            default -> TOKENS[random.nextInt(TOKENS.length)].getBytes(UTF_8);
        };
        ByteArrayOutputStream damaged = new ByteArrayOutputStream();
        damaged.write(content, 0, from);
        damaged.writeBytes(replacement);
        damaged.write(content, to, content.length - to);
        return damaged.toByteArray();
    }
}

package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.loreley.mapelites.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;

class HashingEmbedderTest {

    private final HashingEmbedder embedder = new HashingEmbedder(256);

    @Test
    void equal_texts_have_equal_vectors_whatever_stands_around_them() {
        Vector alone = vector("int answer = 42;");

        assertThat(embedder.embed(List.of("other text", "int answer = 42;")).getLast())
                .isEqualTo(alone);
        assertThat(new HashingEmbedder(256).embed(List.of("int answer = 42;")).getFirst())
                .isEqualTo(alone);
    }

    /** Cached vectors of other machines and earlier runs are compared with today's: a change needs another model name. */
    @Test
    void vectors_are_the_same_as_ever() {
        Vector vector = new HashingEmbedder(8)
                .embed(List.of("parseHttpHeader(x) + 0.731"))
                .getFirst();

        assertThat(vector.toArray())
                .containsExactly(-0.125, 0.0625, 0.0625, -0.03125, -0.0625, 0.03125, -0.03125, 0.03125);
    }

    @Test
    void blanks_do_not_count() {
        assertThat(vector("a =  b ;\n\n\tc")).isEqualTo(vector("a=b;c"));
    }

    @Test
    void styles_of_names_are_close() {
        double styles = distance("parseHttpHeader", "parse_http_header");

        assertThat(styles).isLessThan(distance("parseHttpHeader", "renderSvgImage"));
        assertThat(distance("HTTPRequest", "http_request")).isLessThan(distance("HTTPRequest", "httprequest"));
    }

    @Test
    void close_numbers_are_close() {
        assertThat(distance("0.7312", "0.7311")).isLessThan(distance("0.7312", "0.7811"));
        assertThat(distance("0.7312", "0.7811")).isLessThan(distance("0.7312", "0.2811"));
        assertThat(distance("1.5e-7", "1.5e-7")).isZero();
        assertThat(distance("12", "1.2")).isPositive();
    }

    @Test
    void order_counts() {
        assertThat(distance("a b c d", "d c b a")).isPositive();
    }

    @Test
    void an_edit_moves_by_what_was_edited_however_long_the_text_is() {
        String rest = "final int width = this.height * 3;\n";
        double shortText = distance(rest + "alpha()", rest + "beta()");
        double longText = distance(rest.repeat(3) + other(40) + "alpha()", rest.repeat(3) + other(40) + "beta()");

        assertThat(longText).isBetween(shortText / 2, shortText * 2);
    }

    @Test
    void a_chunk_of_code_is_about_one_from_nothing() {
        double[] code = vector(other(80)).toArray();

        assertThat(norm(code)).isBetween(0.3, 3.0);
    }

    private static String other(int lines) {
        var text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append("call%d(argument%d, value.field%d)%n".formatted(i % 7, i, i % 13));
        }
        return text.toString();
    }

    private Vector vector(String text) {
        return embedder.embed(List.of(text)).getFirst();
    }

    private double distance(String a, String b) {
        double[] difference = vector(a).toArray();
        double[] other = vector(b).toArray();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= other[i];
        }
        return norm(difference);
    }

    private static double norm(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}

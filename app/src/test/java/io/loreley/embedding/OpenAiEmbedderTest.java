package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.llm.ApiKey;
import io.loreley.llm.Embeddings;
import io.loreley.llm.Endpoint;
import io.loreley.llm.LlmSettings;
import io.loreley.llm.StandIn;
import io.loreley.llm.StandIn.Answer;
import io.loreley.mapelites.Vector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class OpenAiEmbedderTest {

    private final StandIn standIn = new StandIn(StandIn::embeddings);
    private final Endpoint endpoint = endpoint(standIn.url(), null);

    @AfterEach
    void close() {
        endpoint.close();
        standIn.close();
    }

    @Test
    void texts_are_asked_for_in_batches_and_answered_in_order() {
        Embedder embedder = open(8, 3);
        List<String> texts = IntStream.range(0, 8).mapToObj(i -> "text " + i).toList();

        List<Vector> vectors = embedder.embed(texts);

        assertThat(vectors).hasSize(8).doesNotHaveDuplicates();
        assertThat(vectors.get(7)).isEqualTo(embedder.embed(List.of("text 7")).getFirst());
        assertThat(standIn.asked()).extracting(asked -> asked.texts().size()).containsExactly(1, 3, 3, 2, 1);
        assertThat(embedder.model()).matches("openai:small#[0-9a-f]{8}");
        assertThat(embedder.textsAtOnce()).isEqualTo(3);
    }

    @Test
    void a_name_means_one_model_at_openai_and_another_at_each_other_address() {
        try (StandIn other = new StandIn(StandIn::embeddings);
                Endpoint elsewhere = endpoint(other.url(), null);
                Endpoint openai = endpoint(
                        "https://api.openai.com/v1",
                        ApiKey.in(Map.of(ApiKey.VARIABLE, "key")).orElseThrow())) {
            assertThat(new Embeddings(openai, "small").elsewhere()).isEmpty();
            assertThat(OpenAiEmbedder.open(new Embeddings(elsewhere, "small"), settings(8, 3), 2)
                            .model())
                    .isNotEqualTo(open(8, 3).model());
        }
    }

    @Test
    void a_bad_text_costs_no_other_its_vector() {
        Embedder embedder = open(8, 4);
        List<Vector> whole = embedder.embed(List.of("a", "b", "c", "d"));
        refuse("bad");

        assertThat(embedder.embed(List.of("a", "b", "bad", "d")))
                .containsExactly(whole.get(0), whole.get(1), Vector.of(new double[8]), whole.get(3));
    }

    @Test
    void a_text_that_is_too_long_is_embedded_in_parts() {
        Embedder embedder = open(8, 4);
        String half = "x = 1;\n".repeat(300);
        double[] part = embedder.embed(List.of(half)).getFirst().toArray();
        standIn.does(asked -> asked.texts().stream().anyMatch(text -> text.length() > half.length())
                ? Answer.error(400, "too long")
                : StandIn.embeddings(asked));

        Vector whole = embedder.embed(List.of(half + half)).getFirst();

        // The line in the middle belongs to the first part.
        double[] sum = IntStream.range(0, 8).mapToDouble(i -> 2 * part[i]).toArray();
        assertThat(whole).isNotEqualTo(Vector.of(new double[8]));
        assertThat(whole.toArray()).hasSameSizeAs(sum);
    }

    @Test
    void an_endpoint_that_refuses_everything_is_not_taken_for_a_repository_that_says_nothing() {
        Embedder embedder = open(8, 4);
        standIn.does(_ -> Answer.error(400, "this account is suspended"));
        assertThatThrownBy(() -> embedder.embed(List.of("a", "b")))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.ENDPOINT))
                .hasMessageContaining("refuses every text");
    }

    @Test
    void a_model_that_cannot_be_asked_for_a_length_is_asked_for_none() {
        standIn.does(asked -> asked.body().has("dimensions")
                ? Answer.error(400, "dimensions is not supported")
                : StandIn.embeddings(asked));

        Embedder embedder = open(4, 4);

        assertThat(embedder.embed(List.of("a")).getFirst().length()).isEqualTo(4);
        assertThat(standIn.asked().getLast().body().has("dimensions")).isFalse();
    }

    @Test
    void a_length_that_the_model_does_not_have_is_found_at_the_start() {
        standIn.does(asked -> StandIn.embeddings(new StandIn.Asked(
                "",
                null,
                asked.body().deepCopy() instanceof tools.jackson.databind.node.ObjectNode body
                        ? body.without("dimensions")
                        : asked.body())));
        assertThatThrownBy(() -> open(8, 4))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("Set embedding.dimensions: 4");
    }

    @Test
    void a_model_that_nobody_knows_is_found_at_the_start() {
        standIn.does(_ -> Answer.error(404, "The model `small` does not exist"));
        assertThatThrownBy(() -> open(8, 4))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("does not exist");
    }

    private void refuse(String bad) {
        standIn.does(asked ->
                asked.texts().contains(bad) ? Answer.error(400, "cannot be embedded") : StandIn.embeddings(asked));
    }

    private static Endpoint endpoint(String url, @Nullable ApiKey key) {
        return new Endpoint(
                new LlmSettings(url, null, Duration.ofSeconds(20), 2),
                key,
                InstantSource.system(),
                new SplittableRandom(1),
                _ -> {});
    }

    private Embedder open(int dimensions, int batch) {
        return OpenAiEmbedder.open(new Embeddings(endpoint, "small"), settings(dimensions, batch), 2);
    }

    private static EmbeddingSettings settings(int dimensions, int batch) {
        return new EmbeddingSettings(
                EmbeddingKind.OPENAI, "small", null, batch, List.of(), List.of(), List.of(), 64, true, 80, dimensions);
    }
}

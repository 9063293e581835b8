package io.loreley.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.domain.Usage;
import io.loreley.llm.StandIn.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class EndpointTest {

    private static final String KEY = "sk-very-secret";
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private final StandIn standIn = new StandIn(StandIn::embeddings);
    private final List<Duration> pauses = new ArrayList<>();
    private Endpoint endpoint = endpoint(KEY, Duration.ofSeconds(20), 2);

    @AfterEach
    void close() {
        endpoint.close();
        standIn.close();
    }

    @Test
    void vectors_come_in_the_order_of_the_texts_with_the_key_as_a_bearer() {
        List<double[]> vectors = embed("one", "two", "three");

        assertThat(vectors).hasSize(3);
        assertThat(vectors.get(2)).isEqualTo(embed("three").getFirst()).hasSize(8);
        assertThat(standIn.asked().getFirst().authorization()).isEqualTo("Bearer " + KEY);
        assertThat(standIn.asked().getFirst().path()).isEqualTo("/v1/embeddings");
        assertThat(standIn.asked().getFirst().body().path("model").asString()).isEqualTo("small");
    }

    @Test
    void a_refusal_for_now_is_asked_again_after_the_pause_that_the_endpoint_asks_for() {
        answersFirst(Answer.error(429, "slow down").with("Retry-After", "7"));
        assertThat(embed("one")).hasSize(1);
        assertThat(pauses).containsExactly(Duration.ofSeconds(7));

        answersFirst(Answer.error(503, "busy").with("Retry-After", "Wed, 25 Nov 2026 12:00:30 GMT"));
        assertThat(embed("one")).hasSize(1);
        assertThat(pauses.getLast()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void without_a_wish_of_the_endpoint_pauses_double_and_end() {
        standIn.does(_ -> Answer.error(500, "oops"));
        assertThatThrownBy(() -> embed("one"))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.ENDPOINT))
                .hasMessageContaining("does not answer, after 4 attempts: 500 oops");
        assertThat(standIn.asked()).hasSize(4);
        assertThat(pauses).hasSize(3);
        for (int i = 0; i < pauses.size(); i++) {
            assertThat(pauses.get(i)).isBetween(Duration.ofMillis(500L << i), Duration.ofMillis(1000L << i));
        }
    }

    @Test
    void an_endpoint_that_asks_for_more_patience_than_there_is_is_not_available() {
        standIn.does(_ -> Answer.error(429, "tomorrow").with("Retry-After", "86400"));
        assertThatThrownBy(() -> embed("one")).hasMessageContaining("after 1 attempts: 429 tomorrow");
        assertThat(pauses).isEmpty();
    }

    @Test
    void a_connection_that_is_cut_is_made_again() {
        answersFirst(StandIn.embeddings(
                        new StandIn.Asked("", null, tools.jackson.databind.node.JsonNodeFactory.instance.objectNode()))
                .cutOff());
        assertThat(embed("one")).hasSize(1);
        assertThat(pauses).hasSize(1);
    }

    @Test
    void an_endpoint_that_is_not_there_is_not_available() {
        standIn.close();
        assertThatThrownBy(() -> embed("one"))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.ENDPOINT));
        assertThat(pauses).hasSize(3);
    }

    @Test
    void an_answer_that_does_not_come_is_given_up() {
        endpoint.close();
        endpoint = endpoint(KEY, Duration.ofMillis(200), 2);
        CountDownLatch never = new CountDownLatch(1);
        standIn.does(_ -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Answer.of(200, "{}");
        });
        assertThatThrownBy(() -> embed("one")).hasMessageContaining("no answer within PT0.2S");
        assertThat(pauses).hasSize(3);
        never.countDown();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void what_is_at_fault_itself_is_not_asked_again(int status) {
        standIn.does(_ -> Answer.error(status, "too long"));
        assertThatThrownBy(() -> embed("one"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(status + " too long");
        assertThat(standIn.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void a_refused_key_is_named_and_not_shown(int status) {
        standIn.does(_ -> Answer.error(status, "Incorrect API key provided: " + KEY));
        assertThatThrownBy(() -> embed("one"))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("OPENAI_API_KEY")
                .hasMessageContaining("Incorrect API key provided: ***")
                .hasMessageNotContaining(KEY);
        assertThat(standIn.asked()).hasSize(1);
        assertThat(ApiKey.in(Map.of(ApiKey.VARIABLE, KEY)).orElseThrow()).hasToString("***");
    }

    @Test
    void an_endpoint_of_this_machine_needs_no_key_and_openai_does() {
        endpoint.close();
        endpoint = endpoint(null, Duration.ofSeconds(20), 2);
        assertThat(embed("one")).hasSize(1);
        assertThat(standIn.asked().getFirst().authorization()).isNull();

        assertThatThrownBy(() -> new Endpoint(
                        settings("https://api.openai.com/v1", Duration.ofSeconds(1), 1),
                        null,
                        InstantSource.fixed(NOON),
                        new SplittableRandom(1),
                        pauses::add))
                .hasMessageContaining("OPENAI_API_KEY is not set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "{}",
                "{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 0, \"embedding\": [1]}]}",
                "{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 1, \"embedding\": [\"x\"]}]}",
                "{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 1, \"embedding\": []}]}",
            })
    void an_answer_that_is_none_is_no_vector(String body) {
        standIn.does(_ -> Answer.of(200, body));
        assertThatThrownBy(() -> embed("one", "two"))
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.ENDPOINT));
    }

    @Test
    void no_more_requests_are_under_way_than_allowed() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        standIn.does(asked -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            two.countDown();
            try {
                two.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            now.decrementAndGet();
            return StandIn.embeddings(asked);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<double[]>>> calls = Collections.nCopies(8, () -> embed("text"));
            for (Future<List<double[]>> answer : threads.invokeAll(calls)) {
                assertThat(answer.get()).hasSize(1);
            }
        }
        assertThat(standIn.asked()).hasSize(8);
        assertThat(most).hasValue(2);
    }

    @Test
    void a_completion_says_what_it_used() {
        standIn.does(_ -> Answer.of(200, """
                {"model": "gpt-x", "choices": [{"message": {"role": "assistant", "content": " short. \\n"}}],
                 "usage": {"prompt_tokens": 12, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}}}"""));
        Completions completions = new ChatCompletions(endpoint, "gpt");

        Completion completion = completions.complete("Be brief.", "Say it.");

        assertThat(completion).isEqualTo(new Completion("short.", new Usage("gpt-x", 12, 4, 3, null)));
        assertThat(standIn.asked().getFirst().body().path("messages").toString())
                .isEqualTo(
                        "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Say it.\"}]");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404})
    void a_probe_finds_a_model_that_is_refused(int status) {
        standIn.does(_ -> Answer.error(status, "The model `gtp` does not exist"));
        assertThatThrownBy(() -> new ChatCompletions(endpoint, "gtp").probe())
                .isInstanceOfSatisfying(
                        LoreleyException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CONFIGURATION))
                .hasMessageContaining("does not exist");
    }

    @Test
    void a_completion_without_text_is_none() {
        standIn.does(_ ->
                Answer.of(200, "{\"choices\": [{\"message\": {\"content\": null}, \"finish_reason\": \"length\"}]}"));
        assertThatThrownBy(() -> new ChatCompletions(endpoint, "gpt").complete("a", "b"))
                .hasMessageContaining("finish_reason length");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.openai.com/v1",
                "ftp://host/v1",
                "https://user:secret@host/v1",
                "https://host/v1?key=1",
                "https:///v1",
                "a b"
            })
    void what_is_no_plain_address_is_refused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(url, Duration.ofSeconds(1), 1))
                .withMessageContaining("base-url")
                .withMessageNotContaining("secret");
    }

    private void answersFirst(Answer answer) {
        AtomicInteger number = new AtomicInteger();
        standIn.does(asked -> number.getAndIncrement() == 0 ? answer : StandIn.embeddings(asked));
    }

    private List<double[]> embed(String... texts) {
        return new Embeddings(endpoint, "small").of(List.of(texts), OptionalInt.of(8));
    }

    private Endpoint endpoint(@Nullable String key, Duration timeout, int concurrency) {
        return new Endpoint(
                settings(standIn.url() + "/", timeout, concurrency),
                key == null ? null : ApiKey.in(Map.of(ApiKey.VARIABLE, key)).orElseThrow(),
                InstantSource.fixed(NOON),
                new SplittableRandom(1),
                pauses::add);
    }

    private static LlmSettings settings(String url, Duration timeout, int concurrency) {
        return new LlmSettings(url, null, timeout, concurrency);
    }
}

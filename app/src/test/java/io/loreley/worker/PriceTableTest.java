package io.loreley.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.loreley.domain.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {

    private static final PriceTable SHIPPED = PriceTable.with(List.of());

    @ParameterizedTest
    @CsvSource({
        "gpt-5.1-codex, 1.25",
        "openai/gpt-5-2025-08-07, 1.25",
        "claude-sonnet-4-5-20250929, 3",
        "anthropic/claude-opus-4.5, 5",
        "claude-opus-4-20250514, 15",
        "gemini-2.5-pro-preview-05-06, 1.25",
        "GPT-5-MINI, 0.25",
    })
    void a_date_a_version_or_a_provider_does_not_change_the_price(String model, double millionRead) {
        assertThat(SHIPPED.priced(new Usage(model, 1_000_000, 0, 0, null)).costUsd())
                .isEqualTo(millionRead);
    }

    @ParameterizedTest
    @CsvSource({"gpt-5-giant", "claude-opus-4-9", "my-model", "gpt", "gpt-5-"})
    void an_unknown_model_has_no_price(String model) {
        assertThat(SHIPPED.priced(new Usage(model, 1_000_000, 0, 0, null)).costUsd())
                .isNull();
    }

    @Test
    void a_call_without_a_model_has_no_price() {
        assertThat(SHIPPED.priced(new Usage(null, 10, 0, 10, null)).costUsd()).isNull();
    }

    @Test
    void a_call_without_tokens_is_not_known_to_be_free() {
        assertThat(SHIPPED.priced(new Usage("gpt-5", 0, 0, 0, null)).costUsd()).isNull();
        assertThat(SHIPPED.priced(new Usage("gpt-5", 0, 0, 0, 0.0)).costUsd()).isZero();
        assertThat(PriceTable.with(List.of(new PriceSettings("mine", 0, null, 0)))
                        .priced(new Usage("mine", 0, 0, 0, null))
                        .costUsd())
                .isZero();
    }

    @Test
    void cached_tokens_cost_what_the_cache_costs() {
        Usage priced = SHIPPED.priced(new Usage("claude-haiku-4-5", 100_000, 80_000, 10_000, null));
        assertThat(priced.costUsd()).isCloseTo(0.02 * 1 + 0.08 * 0.1 + 0.01 * 5, within(1e-12));
    }

    @Test
    void what_the_provider_says_stands() {
        assertThat(SHIPPED.priced(new Usage("gpt-5", 100, 0, 100, 7.0)).costUsd())
                .isEqualTo(7.0);
    }

    @Test
    void the_user_knows_better() {
        PriceTable own = PriceTable.with(
                List.of(new PriceSettings("gpt-5", 100, null, 0), new PriceSettings("local/mine", 0, 0.0, 0)));

        assertThat(own.priced(new Usage("gpt-5", 1_000_000, 500_000, 5, null)).costUsd())
                .isEqualTo(100);
        assertThat(own.priced(new Usage("mine", 1_000_000, 0, 5, null)).costUsd())
                .isEqualTo(0);
    }
}

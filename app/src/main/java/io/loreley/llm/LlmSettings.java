package io.loreley.llm;

import io.loreley.domain.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which language model is asked, and where. The key comes from the environment variable {@code OPENAI_API_KEY}. */
public record LlmSettings(
        @Setting(
                doc =
                        "Where an OpenAI-compatible API is served, version included. The key is read from the environment "
                                + "variable OPENAI_API_KEY.",
                fallback = "https://api.openai.com/v1",
                env = "OPENAI_BASE_URL")
        String baseUrl,

        @Setting(doc = "The model that writes short texts, such as summaries; absent for none.") @Nullable
        String model,

        @Setting(doc = "How long an answer may take.", fallback = "60s", min = 1, max = 3600)
        Duration timeout,

        @Setting(doc = "Requests that are under way at once.", fallback = "4", min = 1, max = 256)
        int concurrency) {

    /** Here a key is needed in any case; elsewhere the endpoint decides. */
    private static final String OPENAI = "api.openai.com";

    public LlmSettings {
        baseUrl = requireUrl(baseUrl);
    }

    /** The same with another address. */
    public LlmSettings at(String otherBaseUrl) {
        return new LlmSettings(otherBaseUrl, model, timeout, concurrency);
    }

    boolean needsKey() {
        return isOpenAi();
    }

    /** Whether OpenAI itself serves there, where a name means one model. */
    boolean isOpenAi() {
        return OPENAI.equals(URI.create(baseUrl).getHost());
    }

    private static String requireUrl(String text) {
        try {
            URI uri = new URI(text.strip());
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!(scheme.equals("https") || scheme.equals("http")) || uri.getHost() == null) {
                throw new IllegalArgumentException(
                        "base-url '%s' is not an address such as https://api.openai.com/v1".formatted(text));
            }
            if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
                throw new IllegalArgumentException(
                        "base-url holds more than an address; the key belongs into " + ApiKey.VARIABLE);
            }
            return text.strip().replaceAll("/+$", "");
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("base-url cannot be read: " + e.getReason(), e);
        }
    }
}

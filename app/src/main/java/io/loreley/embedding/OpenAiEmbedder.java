package io.loreley.embedding;

import io.loreley.domain.Digests;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.llm.Embeddings;
import io.loreley.llm.RefusedException;
import io.loreley.mapelites.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds by a model behind an OpenAI-compatible API.
 *
 * <p>A batch that is refused is asked for in halves, so that one bad text costs no other its vector; a bad text that is
 * long is divided and its parts added up, as those of a long file are; what is refused even then counts as nothing. Before
 * anything counts as nothing, a text that was accepted before is tried, so that an endpoint that refuses everything is not
 * taken for a repository that says nothing.
 */
public final class OpenAiEmbedder implements Embedder {

    private static final Logger LOG = LoggerFactory.getLogger(OpenAiEmbedder.class);

    /** What every model can embed. */
    private static final List<String> PROBE = List.of("int answer = 42;");
    /** Of the digest of an address. */
    private static final int ADDRESS_DIGITS = 8;

    /** A text shorter than this is not refused for its length. */
    private static final int NOT_LONG = 1000;

    private final Embeddings embeddings;
    private final Model model;

    /**
     * @param dimensions how long the vectors are to be
     * @param textsAtOnce in one request
     * @param callsAtOnce how many requests may be under way
     */
    private record Model(String name, int dimensions, OptionalInt asked, int textsAtOnce, int callsAtOnce) {}

    private OpenAiEmbedder(Embeddings embeddings, Model model) {
        this.embeddings = embeddings;
        this.model = model;
    }

    /**
     * Asks for one vector, so that a wrong key, address, model or length is found before any work is done.
     *
     * @param concurrency how many requests may be under way
     * @throws LoreleyException of kind CONFIGURATION if the settings do not fit the endpoint, of kind ENDPOINT if it is not
     *     available
     */
    public static OpenAiEmbedder open(Embeddings embeddings, EmbeddingSettings settings, int concurrency) {
        OptionalInt asked = OptionalInt.of(settings.dimensions());
        List<double[]> answer;
        try {
            answer = embeddings.of(PROBE, asked);
        } catch (RefusedException refusal) {
            // Not every model can be asked for a length.
            asked = OptionalInt.empty();
            answer = withoutLength(embeddings, refusal);
        }
        int length = answer.getFirst().length;
        if (length != settings.dimensions()) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    "model '%s' gives vectors of length %d, and embedding.dimensions is %d. Set embedding.dimensions: %d"
                            .formatted(settings.model(), length, settings.dimensions(), length));
        }
        return new OpenAiEmbedder(
                embeddings, new Model(settings.model(), length, asked, settings.batch(), concurrency));
    }

    private static List<double[]> withoutLength(Embeddings embeddings, RefusedException refusal) {
        try {
            return embeddings.of(PROBE, OptionalInt.empty());
        } catch (RefusedException again) {
            throw new LoreleyException(FailureKind.CONFIGURATION, String.valueOf(refusal.getMessage()), again);
        }
    }

    @Override
    public String model() {
        // Many servers answer any name with whatever they have loaded: vectors of two must not meet in one cache.
        return "openai:" + model.name()
                + embeddings
                        .elsewhere()
                        .map(address -> "#" + Digests.sha256(address).substring(0, ADDRESS_DIGITS))
                        .orElse("");
    }

    @Override
    public int dimensions() {
        return model.dimensions();
    }

    @Override
    public int textsAtOnce() {
        return model.textsAtOnce();
    }

    @Override
    public int callsAtOnce() {
        return model.callsAtOnce();
    }

    @Override
    public List<Vector> embed(List<String> texts) {
        List<Vector> vectors = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += model.textsAtOnce()) {
            int to = Math.min(texts.size(), from + model.textsAtOnce());
            vectors.addAll(batch(texts.subList(from, to)));
        }
        return vectors;
    }

    private List<Vector> batch(List<String> texts) {
        try {
            return asked(texts);
        } catch (RefusedException refusal) {
            if (texts.size() == 1) {
                return List.of(inParts(texts.getFirst(), refusal));
            }
            int middle = texts.size() / 2;
            List<Vector> vectors = new ArrayList<>(batch(texts.subList(0, middle)));
            vectors.addAll(batch(texts.subList(middle, texts.size())));
            return vectors;
        }
    }

    private Vector inParts(String text, RefusedException refusal) {
        double[] sum = new double[model.dimensions()];
        if (text.length() <= NOT_LONG) {
            requireAcceptance(refusal);
            LOG.atWarn()
                    .addKeyValue("characters", text.length())
                    .addKeyValue("cause", refusal.getMessage())
                    .log("embedding.text_refused");
            return Vector.of(sum);
        }
        int middle = lineEnd(text);
        List<String> parts = List.of(text.substring(0, middle), text.substring(middle)).stream()
                .filter(part -> !part.isBlank())
                .toList();
        for (String part : parts) {
            Vector vector = batch(List.of(part)).getFirst();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector.get(i);
            }
        }
        return Vector.of(sum);
    }

    /** The end of the line in the middle, or the middle where lines are too long, never within a character. */
    private static int lineEnd(String text) {
        int middle = text.length() / 2;
        int end = text.indexOf('\n', middle) + 1;
        if (end > 0 && end < text.length() * 3 / 4) {
            return end;
        }
        return Character.isLowSurrogate(text.charAt(middle)) ? middle + 1 : middle;
    }

    private void requireAcceptance(RefusedException refusal) {
        try {
            asked(PROBE);
        } catch (RefusedException e) {
            throw new LoreleyException(
                    FailureKind.ENDPOINT, "the endpoint refuses every text: " + refusal.getMessage(), e);
        }
    }

    private List<Vector> asked(List<String> texts) {
        return embeddings.of(texts, model.asked()).stream().map(this::vector).toList();
    }

    private Vector vector(double[] values) {
        if (values.length != model.dimensions()) {
            throw new LoreleyException(
                    FailureKind.ENDPOINT,
                    "model '%s' gave a vector of length %d, and of %d before"
                            .formatted(model.name(), values.length, model.dimensions()));
        }
        return Vector.of(values);
    }
}

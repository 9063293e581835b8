package io.loreley.worker;

import io.loreley.domain.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What models cost: the table that comes with Loreley ({@code prices.csv}), and over it what the user says. Immutable.
 */
public final class PriceTable {

    private static final double MILLION = 1e6;

    /** What providers add to the name of a model without changing its price: a date, a build, a word for the newest. */
    private static final Pattern VERSION = Pattern.compile(
            "([-@:](\\d{4}-\\d{2}-\\d{2}|\\d{2}-\\d{4}|\\d{2}-\\d{2}|\\d{3,8}|v\\d+|latest|preview|exp))+$");

    private final Map<String, PriceSettings> prices;

    private PriceTable(Map<String, PriceSettings> prices) {
        this.prices = Map.copyOf(prices);
    }

    /** @param own take precedence over what comes with Loreley */
    public static PriceTable with(List<PriceSettings> own) {
        Map<String, PriceSettings> prices = new HashMap<>();
        shipped().forEach(price -> prices.put(bare(price.model()), price));
        own.forEach(price -> prices.put(bare(price.model()), price));
        return new PriceTable(prices);
    }

    /**
     * The usage with its cost, where its model is known and its provider did not say it. No call reads and writes nothing: of
     * one without tokens nobody said how many, and only a model that costs nothing makes it free.
     */
    public Usage priced(Usage usage) {
        String model = usage.model();
        if (usage.costUsd() != null || model == null) {
            return usage;
        }
        boolean counted = usage.inputTokens() + usage.outputTokens() > 0;
        return find(model)
                .filter(price -> counted || price.isFree())
                .map(price -> new Usage(
                        model,
                        usage.inputTokens(),
                        usage.cachedInputTokens(),
                        usage.outputTokens(),
                        cost(usage, price)))
                .orElse(usage);
    }

    private Optional<PriceSettings> find(String model) {
        String name = bare(model);
        return Optional.ofNullable(prices.get(name))
                .or(() -> Optional.ofNullable(prices.get(VERSION.matcher(name).replaceFirst(""))));
    }

    private static double cost(Usage usage, PriceSettings price) {
        double cached = price.cachedInput() == null ? price.input() : price.cachedInput();
        return ((usage.inputTokens() - usage.cachedInputTokens()) * price.input()
                        + usage.cachedInputTokens() * cached
                        + usage.outputTokens() * price.output())
                / MILLION;
    }

    /** Without the provider in front, and with one sign between the parts of a version. */
    private static String bare(String model) {
        String name = model.strip().toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('/') + 1).replace('.', '-');
    }

    private static List<PriceSettings> shipped() {
        List<PriceSettings> prices = new ArrayList<>();
        try (var reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(PriceTable.class.getResourceAsStream("prices.csv")), StandardCharsets.UTF_8))) {
            for (String line : reader.lines().toList()) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    String[] cells = line.split(",", 4);
                    prices.add(new PriceSettings(
                            cells[0],
                            Double.parseDouble(cells[1]),
                            Double.parseDouble(cells[2]),
                            Double.parseDouble(cells[3])));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return prices;
    }
}

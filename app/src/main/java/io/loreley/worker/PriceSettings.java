package io.loreley.worker;

import io.loreley.domain.Setting;
import org.jspecify.annotations.Nullable;

/** What one model costs. */
public record PriceSettings(
        @Setting(doc = "The model as its provider names it; a date or version behind the name does not matter.")
        String model,

        @Setting(doc = "US dollars for a million tokens that are read.", min = 0)
        double input,

        @Setting(
                doc =
                        "US dollars for a million tokens that are read from the provider's cache; absent if they cost what "
                                + "others do.",
                min = 0)
        @Nullable
        Double cachedInput,

        @Setting(doc = "US dollars for a million tokens that are written.", min = 0)
        double output) {

    public PriceSettings {
        if (model.isBlank()) {
            throw new IllegalArgumentException("model is blank");
        }
    }

    /** Whether it costs nothing, whatever it reads and writes. */
    boolean isFree() {
        return input == 0 && output == 0 && (cachedInput == null || cachedInput == 0);
    }
}

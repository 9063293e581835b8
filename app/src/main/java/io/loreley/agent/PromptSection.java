package io.loreley.agent;

import io.loreley.process.KnownSecrets;

/**
 * Something more that an agent is told: text that earlier candidates, their evaluation or a model wrote. A prompt quotes
 * it as data, and leaves out the least important when it would grow too long.
 *
 * @param title its heading, one line of Loreley's own
 * @param importance the larger, the later it is cut; the base stands at {@link #BASE}, an inspiration at {@link
 *     #INSPIRATION}
 */
public record PromptSection(String title, String text, int importance) {

    /** As important as the commit that the agent starts from. */
    public static final int BASE = 100;

    /** As important as the nearest inspiration; each farther one is one less. */
    public static final int INSPIRATION = 50;

    public PromptSection {
        if (title.isBlank() || title.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a section needs a title of one line, not '" + title + "'");
        }
    }

    PromptSection masked(KnownSecrets secrets) {
        return new PromptSection(title, secrets.mask(text), importance);
    }
}

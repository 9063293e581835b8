package io.loreley.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts of a commit card, cut to what its columns hold: one line each, an ellipsis where something was left out. */
public record CardText(
        String subject,
        String changeSummary,
        @Nullable String evaluationSummary,
        List<String> tags,
        List<String> keyFiles,
        List<String> highlights) {

    public CardText {
        subject = subjectOf(subject);
        changeSummary = orElse(changeSummary, "N/A", Limits.CHANGE_SUMMARY);
        evaluationSummary = evaluationSummary == null || evaluationSummary.isBlank()
                ? null
                : Limits.clamp(Limits.oneLine(evaluationSummary), Limits.EVALUATION_SUMMARY);
        tags = lines(tags, Integer.MAX_VALUE, Limits.TAG);
        keyFiles = lines(keyFiles, Limits.KEY_FILES, Limits.KEY_FILE);
        highlights = lines(highlights, Limits.HIGHLIGHTS, Limits.HIGHLIGHT);
    }

    /** A subject that is empty, a code fence or a piece of JSON says nothing to a reader. */
    public static boolean isReadableSubject(String text) {
        String line = Limits.oneLine(text);
        return !line.isEmpty() && !line.contains("```") && !line.startsWith("{") && !line.startsWith("[");
    }

    private static String subjectOf(String text) {
        return isReadableSubject(text) ? Limits.clamp(Limits.oneLine(text), Limits.SUBJECT) : "Evolve";
    }

    private static String orElse(String text, String fallback, int limit) {
        String line = Limits.oneLine(text);
        return line.isEmpty() ? fallback : Limits.clamp(line, limit);
    }

    private static List<String> lines(List<String> texts, int count, int limit) {
        return texts.stream()
                .map(Limits::oneLine)
                .filter(line -> !line.isEmpty())
                .limit(count)
                .map(line -> Limits.clamp(line, limit))
                .toList();
    }
}

package io.loreley.web;

/** Text of unknown origin, made fit for a page: nothing in it acts, and nothing in it is invisible. */
final class Safe {

    private Safe() {}

    /** Escapes for HTML, in elements and quoted attributes. */
    static String html(String text) {
        return visible(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** A code span of Markdown: one line, which nothing in it ends. */
    static String code(String text) {
        return "`" + visible(text).replace('`', '\'').replace('\n', ' ') + "`";
    }

    /** Names control characters and marks of direction instead of obeying them; line ends and tabs stay. */
    static String visible(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (acts(point)) {
                shown.append(String.format("⟨%04X⟩", point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        return shown.toString();
    }

    private static boolean acts(int point) {
        return (Character.isISOControl(point) && point != '\n' && point != '\t')
                || Character.getType(point) == Character.FORMAT
                || Character.getType(point) == Character.SURROGATE;
    }
}

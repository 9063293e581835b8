package io.loreley.cli.settings;

import java.util.ArrayList;
import java.util.List;

/** Writes the reference page of a settings record: every key with its meaning, type, default, range and variable. */
public final class SettingsReference {

    private SettingsReference() {}

    /** A table of Markdown for the record itself, and one for each record within. */
    public static String markdown(Class<? extends Record> settings) {
        StringBuilder page = new StringBuilder();
        table(page, SettingKey.of(settings, ""));
        return page.toString();
    }

    /** All keys that hold a value, those of records within included. */
    static List<SettingKey> leaves(Class<? extends Record> settings) {
        List<SettingKey> leaves = new ArrayList<>();
        collect(leaves, SettingKey.of(settings, ""));
        return leaves;
    }

    private static void collect(List<SettingKey> leaves, List<SettingKey> keys) {
        for (SettingKey key : keys) {
            if (key.isRecord()) {
                collect(leaves, SettingKey.of(key.recordType(), key.path()));
            } else {
                leaves.add(key);
            }
        }
    }

    private static void table(StringBuilder page, List<SettingKey> keys) {
        page.append("| key | what it says | value | default | environment |\n|---|---|---|---|---|\n");
        keys.stream()
                .filter(key -> !key.isRecord())
                .forEach(key -> page.append("| `%s` | %s | %s | %s | %s |\n"
                        .formatted(key.path(), doc(key), value(key), fallback(key), code(key.env()))));
        for (SettingKey section : keys) {
            if (section.isRecord()) {
                section(page, section, section.path(), section.recordType());
            } else if (section.isRecordList()) {
                section(page, section, section.path() + "[]", section.itemType());
            }
        }
    }

    private static void section(StringBuilder page, SettingKey key, String path, Class<? extends Record> settings) {
        page.append("\n## ").append(path).append("\n\n");
        page.append(doc(key)).append("\n\n");
        table(page, SettingKey.of(settings, path));
    }

    private static String doc(SettingKey key) {
        return key.setting() == null ? "" : key.setting().doc().replace("|", "\\|");
    }

    private static String value(SettingKey key) {
        String range = ValueReader.range(key);
        String expectation = ValueReader.expectation(key.type());
        return range.isEmpty() ? expectation : expectation + ", " + range;
    }

    private static String fallback(SettingKey key) {
        if (!key.fallback().isEmpty()) {
            return code(key.fallback());
        }
        return key.isRecordList() ? code("[]") : key.nullable() ? "none" : "**required**";
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }
}

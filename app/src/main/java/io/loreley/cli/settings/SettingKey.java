package io.loreley.cli.settings;

import io.loreley.domain.Setting;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One key of a settings record: where it stands in the file and what it may hold.
 *
 * @param path from the top of the file, dots between records: {@code search.cells-per-dimension}
 * @param setting absent for a component without an annotation, which is then required and has no range
 */
record SettingKey(
        String path, Type type, boolean nullable, @Nullable Setting setting) {

    static List<SettingKey> of(Class<? extends Record> settings, String prefix) {
        return Arrays.stream(settings.getRecordComponents())
                .map(component -> of(component, prefix))
                .toList();
    }

    private static SettingKey of(RecordComponent component, String prefix) {
        Setting setting = component.getAnnotation(Setting.class);
        String name = setting == null || setting.key().isEmpty() ? kebab(component.getName()) : setting.key();
        return new SettingKey(
                prefix.isEmpty() ? name : prefix + "." + name,
                component.getGenericType(),
                component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                setting);
    }

    /** {@code cellsPerDimension} → {@code cells-per-dimension}. */
    static String kebab(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    String fallback() {
        return setting == null ? "" : setting.fallback();
    }

    String env() {
        return setting == null ? "" : setting.env();
    }

    double min() {
        return setting == null ? Double.NEGATIVE_INFINITY : setting.min();
    }

    double max() {
        return setting == null ? Double.POSITIVE_INFINITY : setting.max();
    }

    boolean isRecord() {
        return type instanceof Class<?> raw
                && raw.isRecord()
                && TextRecord.reader(raw).isEmpty();
    }

    /** Whether this key holds a list of mappings, each bound to a record. */
    boolean isRecordList() {
        return ValueReader.isList(type)
                && ValueReader.element(type).isRecord()
                && TextRecord.reader(ValueReader.element(type)).isEmpty();
    }

    /** The record of each item; only if {@link #isRecordList}. */
    Class<? extends Record> itemType() {
        return ValueReader.element(type).asSubclass(Record.class);
    }

    /** The record that this key opens; only if {@link #isRecord}. */
    Class<? extends Record> recordType() {
        return ((Class<?>) type).asSubclass(Record.class);
    }
}

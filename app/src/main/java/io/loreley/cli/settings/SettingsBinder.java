package io.loreley.cli.settings;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Binds a YAML file to a record. A value comes from the first that has it: flag, environment variable, file, default. A
 * blank value is none. Every problem is found before the binder gives up, so that a file is mended in one go.
 *
 * <p>An instance binds once.
 */
public final class SettingsBinder {

    private final Map<String, Source> flags;
    private final Map<String, String> environment;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param flags by the full path of the key: {@code budget.jobs}
     */
    public SettingsBinder(Map<String, Source> flags, Map<String, String> environment) {
        this.flags = Map.copyOf(flags);
        this.environment = Map.copyOf(environment);
    }

    /**
     * @throws LoreleyException of kind CONFIGURATION, one problem a line
     */
    public <R extends Record> R bind(Class<R> settings, Path file) {
        YamlFile yaml = YamlFile.read(file);
        Scope scope = new Scope(yaml, settings);
        Object bound = scope.bind(settings, yaml.top().orElse(null), "");
        if (bound == null) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION,
                    problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        return settings.cast(bound);
    }

    /** The file that is being bound, and everything that it may say. */
    private final class Scope {

        private final YamlFile file;
        private final List<SettingKey> known;

        private Scope(YamlFile file, Class<? extends Record> settings) {
            this.file = file;
            this.known = SettingsReference.leaves(settings);
        }

        /** Null after a problem. */
        private @Nullable Object bind(Class<? extends Record> settings, @Nullable MappingNode mapping, String prefix) {
            List<SettingKey> keys = SettingKey.of(settings, prefix);
            Map<String, Node> values = values(mapping, prefix, keys);
            int before = problems.size();
            @Nullable Object[] arguments = new @Nullable Object[keys.size()];
            for (int i = 0; i < arguments.length; i++) {
                SettingKey key = keys.get(i);
                Node value = values.get(key.name());
                arguments[i] = key.isRecord() ? section(key, value) : value(key, value, mapping);
            }
            return problems.size() > before || (prefix.isEmpty() && !problems.isEmpty())
                    ? null
                    : construct(settings, arguments, mapping, prefix);
        }

        private @Nullable Object section(SettingKey key, @Nullable Node node) {
            if (node == null || isBlank(node)) {
                return key.nullable() ? null : bind(key.recordType(), null, key.path());
            }
            if (node instanceof MappingNode mapping) {
                return bind(key.recordType(), mapping, key.path());
            }
            problems.add(new Problem(
                    file.where(node),
                    "%s: expected keys of its own (%s), found %s"
                            .formatted(
                                    key.path(),
                                    names(SettingKey.of(key.recordType(), key.path())),
                                    ValueReader.kind(node))));
            return null;
        }

        private @Nullable Object value(SettingKey key, @Nullable Node node, @Nullable MappingNode parent) {
            Source override = override(key);
            if (override != null) {
                return read(key, fragment(key, override.text()), override.name());
            }
            if (node != null && !isBlank(node)) {
                return read(key, node, file.where(node));
            }
            if (!key.fallback().isEmpty()) {
                return read(key, fragment(key, key.fallback()), "default");
            }
            if (key.isRecordList()) {
                return List.of();
            }
            if (!key.nullable()) {
                String where = node != null ? file.where(node) : parent != null ? file.where(parent) : file.name();
                problems.add(new Problem(where, "%s: is required (%s)".formatted(key.path(), meaning(key))));
            }
            return null;
        }

        private @Nullable Object read(SettingKey key, Node node, String where) {
            if (key.isRecordList()) {
                return records(key, node, where);
            }
            try {
                return ValueReader.read(key, node);
            } catch (ValueReader.Unreadable e) {
                problems.add(new Problem(where, "%s: %s".formatted(key.path(), e.getMessage())));
                return null;
            }
        }

        /** Null after a problem. */
        private @Nullable List<Object> records(SettingKey key, Node node, String where) {
            if (!(node instanceof SequenceNode sequence)) {
                problems.add(new Problem(
                        where,
                        "%s: expected a list of mappings (%s), found %s"
                                .formatted(
                                        key.path(),
                                        names(SettingKey.of(key.itemType(), key.path())),
                                        ValueReader.kind(node))));
                return null;
            }
            int before = problems.size();
            List<Object> records = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                String path = "%s[%d]".formatted(key.path(), records.size() + 1);
                Object bound = item instanceof MappingNode mapping ? bind(key.itemType(), mapping, path) : null;
                if (!(item instanceof MappingNode)) {
                    problems.add(new Problem(
                            file.where(item),
                            "%s: expected keys of its own (%s), found %s"
                                    .formatted(
                                            path, names(SettingKey.of(key.itemType(), path)), ValueReader.kind(item))));
                }
                records.add(bound == null ? path : bound);
            }
            return problems.size() > before ? null : records;
        }

        private @Nullable Source override(SettingKey key) {
            Source flag = flags.get(key.path());
            if (flag != null) {
                return flag;
            }
            String text = key.env().isEmpty() ? null : environment.get(key.env());
            return text == null || text.isBlank() ? null : new Source(key.env(), text);
        }

        private Map<String, Node> values(@Nullable MappingNode mapping, String prefix, List<SettingKey> keys) {
            Map<String, Node> values = new LinkedHashMap<>();
            if (mapping == null) {
                return values;
            }
            List<String> allowed = keys.stream().map(SettingKey::name).toList();
            for (NodeTuple entry : mapping.getValue()) {
                String name = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                String path = prefix.isEmpty() ? name : prefix + "." + name;
                if (!allowed.contains(name)) {
                    problems.add(new Problem(
                            file.where(entry.getKeyNode()), path + ": unknown key" + suggestion(name, allowed)));
                } else if (values.put(name, entry.getValueNode()) != null) {
                    problems.add(new Problem(file.where(entry.getKeyNode()), path + ": is given twice"));
                }
            }
            return values;
        }

        private String suggestion(String name, List<String> allowed) {
            Optional<String> sibling = NearestKey.of(name, allowed);
            if (sibling.isPresent()) {
                return "; did you mean %s?".formatted(sibling.get());
            }
            return known.stream()
                    .filter(key -> key.name().equals(name))
                    .findFirst()
                    .map(key -> "; did you mean %s?".formatted(key.path()))
                    .orElse("; known are " + String.join(", ", allowed));
        }

        private @Nullable Object construct(
                Class<? extends Record> settings,
                @Nullable Object[] arguments,
                @Nullable MappingNode mapping,
                String prefix) {
            try {
                return constructor(settings).newInstance(arguments);
            } catch (InvocationTargetException e) {
                if (!(e.getCause() instanceof IllegalArgumentException refusal)) {
                    throw new IllegalStateException("cannot construct " + settings, e);
                }
                String where = mapping == null ? file.name() : file.where(mapping);
                problems.add(new Problem(where, (prefix.isEmpty() ? "" : prefix + ": ") + refusal.getMessage()));
                return null;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot construct " + settings, e);
            }
        }
    }

    private static Constructor<? extends Record> constructor(Class<? extends Record> settings)
            throws NoSuchMethodException {
        return settings.getDeclaredConstructor(Arrays.stream(settings.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new));
    }

    /** A list is written in YAML wherever it stands; anything else is the text itself. */
    private static Node fragment(SettingKey key, String text) {
        return ValueReader.isList(key.type()) ? YamlFile.fragment(text) : YamlFile.scalar(text);
    }

    private static boolean isBlank(Node node) {
        return node instanceof ScalarNode scalar
                && (scalar.getTag().equals(Tag.NULL) || scalar.getValue().isBlank());
    }

    private static String meaning(SettingKey key) {
        return key.setting() == null
                ? ValueReader.expectation(key.type())
                : key.setting().doc();
    }

    private static String names(List<SettingKey> keys) {
        return keys.stream().map(SettingKey::name).collect(Collectors.joining(", "));
    }
}

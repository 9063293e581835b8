package io.loreley.cli.settings;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A settings file as a graph of nodes which know their lines. Nothing is constructed from it, so that no document can
 * make a reader expand aliases or create objects.
 */
final class YamlFile {

    private static final long LARGEST = 256 * 1024; // a settings file of more bytes is some other file

    private final String name;
    private final @Nullable MappingNode top;

    private YamlFile(String name, @Nullable MappingNode top) {
        this.name = name;
        this.top = top;
    }

    static YamlFile read(Path file) {
        String name = String.valueOf(file.getFileName());
        return new YamlFile(name, mapping(name, compose(name, content(file))));
    }

    /** Empty for a file without a key. */
    Optional<MappingNode> top() {
        return Optional.ofNullable(top);
    }

    /** {@code loreley.yaml:12}. */
    String where(Node node) {
        return node.getStartMark().map(this::where).orElse(name);
    }

    String where(Mark mark) {
        return name + ":" + (mark.getLine() + 1);
    }

    String name() {
        return name;
    }

    /** A default or an override which is a list, written as in a file. */
    static Node fragment(String text) {
        try {
            return new Compose(LoadSettings.builder().build())
                    .composeString(text)
                    .orElseGet(() -> scalar(text));
        } catch (YamlEngineException e) {
            return scalar(text); // the reader says what it expected instead
        }
    }

    static Node scalar(String text) {
        return new ScalarNode(Tag.STR, text, ScalarStyle.PLAIN);
    }

    private static String content(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw refused(
                        "%s has %d bytes; a settings file has at most %d".formatted(file, Files.size(file), LARGEST));
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw refused(file + " does not exist");
        } catch (CharacterCodingException e) {
            throw refused(file + " is not UTF-8 text");
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static @Nullable Node compose(String name, String content) {
        try {
            return new Compose(LoadSettings.builder().setLabel(name).build())
                    .composeString(content)
                    .orElse(null);
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark()
                    .map(mark -> name + ":" + (mark.getLine() + 1))
                    .orElse(name);
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "%s: not YAML: %s".formatted(where, e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw new LoreleyException(
                    FailureKind.CONFIGURATION, "%s: not YAML: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static @Nullable MappingNode mapping(String name, @Nullable Node node) {
        if (node == null || node.getTag().equals(Tag.NULL)) {
            return null;
        }
        if (node instanceof MappingNode mapping) {
            return mapping;
        }
        throw refused("%s: expected keys such as 'goal: …', found %s".formatted(name, ValueReader.kind(node)));
    }

    private static LoreleyException refused(String message) {
        return new LoreleyException(FailureKind.CONFIGURATION, message);
    }
}

package io.loreley.process;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Hides secrets whose values are known, where {@link Credentials} knows shapes only. Prints as how many there are. */
public final class KnownSecrets {

    /** A shorter value would be found by accident in what is no secret. */
    private static final int SHORTEST = 8;

    private static final String HIDDEN = "***";

    /** Whole words, with what is often written in front of them as one: {@code APIKEY}, {@code PGPASSWORD}; no keyring. */
    private static final Pattern SECRET_NAME = Pattern.compile("(?i)(?:.*[_.-])?"
            + "(?:(?:API|ACCESS|SECRET|PRIVATE)?KEYS?|[A-Z0-9]*(?:TOKEN|SECRET|PASSWORD|CREDENTIAL)S?|[A-Z0-9]*PASSWD|CANARY)"
            + "\\d*(?:[_.-].*)?");

    private static final Pattern USER_INFO = Pattern.compile("://[^\\s/@:]*:([^\\s/@]+)@");

    private final List<String> values;

    private KnownSecrets(Collection<String> values) {
        this.values = values.stream()
                .filter(value -> value.length() >= SHORTEST)
                .flatMap(value -> Stream.of(value, inJson(value, false), inJson(value, true)))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** The values of those variables whose names speak of a secret, and the passwords in URLs that others hold. */
    public static KnownSecrets of(Map<String, String> environment) {
        return new KnownSecrets(named(environment).keySet());
    }

    /** The same values, however short, each with the name of a variable that holds it. */
    public static Map<String, String> named(Map<String, String> environment) {
        Map<String, String> names = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (SECRET_NAME.matcher(name).matches()) {
                names.put(value.strip(), name);
            }
            USER_INFO.matcher(value).results().forEach(match -> names.put(match.group(1), name));
        });
        return names;
    }

    /** These and one more. */
    public KnownSecrets and(String value) {
        return new KnownSecrets(Stream.concat(values.stream(), Stream.of(value)).toList());
    }

    public String mask(String text) {
        String masked = text;
        for (String value : values) {
            masked = masked.replace(value, HIDDEN);
        }
        return masked;
    }

    public List<String> mask(List<String> texts) {
        return texts.stream().map(this::mask).toList();
    }

    /**
     * Masks them in a file that a program wrote, whatever its encoding. A file that is not there is left so, and one that
     * holds none needs no room on the disk.
     */
    public void mask(Path file) {
        if (values.isEmpty() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path masked = file.resolveSibling(file.getFileName() + ".masked");
        try {
            FileTree.reclaim(file);
            if (copyMasked(file, OutputStream.nullOutputStream())) {
                replace(file, masked);
            }
        } catch (IOException e) {
            throw new LoreleyException(
                    FailureKind.STORAGE,
                    "Secrets cannot be masked in %s: %s. Check the free space.".formatted(file, e.getMessage()),
                    e);
        }
    }

    private void replace(Path file, Path draft) throws IOException {
        FileTree.delete(draft); // a program may have left anything there
        try {
            try (OutputStream out =
                    new BufferedOutputStream(Files.newOutputStream(draft, StandardOpenOption.CREATE_NEW))) {
                copyMasked(file, out);
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** @return whether there was one */
    private boolean copyMasked(Path from, OutputStream out) throws IOException {
        boolean found = false;
        int longest = values.getFirst().getBytes(StandardCharsets.UTF_8).length;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS))) {
            byte[] window = new byte[Math.max(1 << 16, 4 * longest)];
            int filled = 0;
            int count;
            do {
                count = in.readNBytes(window, filled, window.length - filled);
                filled += count;
                boolean last = filled < window.length;
                String text = new String(window, 0, filled, StandardCharsets.ISO_8859_1);
                String masked = text;
                for (String value : values) {
                    masked = masked.replace(latin(value), HIDDEN);
                }
                found |= !masked.equals(text);
                // What may be the beginning of a value waits for the next round.
                int kept = last ? 0 : Math.min(longest - 1, masked.length());
                out.write(masked.substring(0, masked.length() - kept).getBytes(StandardCharsets.ISO_8859_1));
                byte[] rest = masked.substring(masked.length() - kept).getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(rest, 0, window, 0, rest.length);
                filled = rest.length;
            } while (count > 0);
        }
        return found;
    }

    /** As writers of JSON have it, some of which write all that is not ASCII by its number. */
    private static String inJson(String value, boolean isAscii) {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char letter = value.charAt(i);
            if (letter == '"' || letter == '\\') {
                json.append('\\').append(letter);
            } else if (isAscii && letter >= 0x80) {
                json.append("\\u%04x".formatted((int) letter));
            } else {
                json.append(letter);
            }
        }
        return json.toString();
    }

    /** The bytes of a value, one a character. */
    private static String latin(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return values.size() + " secrets";
    }
}

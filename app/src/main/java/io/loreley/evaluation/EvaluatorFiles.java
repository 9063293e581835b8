package io.loreley.evaluation;

import io.loreley.domain.Digests;
import io.loreley.domain.FailureKind;
import io.loreley.domain.Glob;
import io.loreley.domain.LoreleyException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of a project that make up its evaluator, each with the hash of its content: those that its commands and its
 * Python plugin name below {@code ${project}}, those of {@code evaluator.ground.files} and those laid over the checkout.
 *
 * @param hashes SHA-256 by path, relative to the project, with slashes
 */
public record EvaluatorFiles(NavigableMap<String, String> hashes) {

    /** What an evaluator may consist of: large fixtures belong elsewhere, or into `evaluator.ground.files` of a smaller kind. */
    private static final int MOST_FILES = 2_000;

    private static final long MOST_BYTES = 256L << 20;

    private static final Pattern NAMED = Pattern.compile("\\$\\{project}/([^:;,'\"=|&<>()$]+)");

    public EvaluatorFiles {
        hashes = Collections.unmodifiableNavigableMap(new TreeMap<>(hashes));
    }

    /** Nothing is pinned: an experiment that began before evaluators were. */
    public static final EvaluatorFiles NONE = new EvaluatorFiles(Collections.emptyNavigableMap());

    /**
     * Finds and hashes them.
     *
     * @throws LoreleyException with kind CONFIGURATION if they are too many or too large, STORAGE if one cannot be read
     */
    public static EvaluatorFiles of(EvaluatorSettings settings, Path project) {
        try {
            NavigableMap<String, String> hashes = new TreeMap<>();
            long bytes = 0;
            for (Path file : find(settings, project)) {
                bytes += Files.size(file);
                if (hashes.size() >= MOST_FILES || bytes > MOST_BYTES) {
                    throw new LoreleyException(
                            FailureKind.CONFIGURATION,
                            "the evaluator names more than %,d files or %,d MiB of the project: an evaluator is pinned whole. Name single files in its command instead of a large folder"
                                    .formatted(MOST_FILES, MOST_BYTES >> 20));
                }
                hashes.put(slashed(project.relativize(file)), sha256(file));
            }
            return new EvaluatorFiles(hashes);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Finds them, without reading any.
     *
     * @return paths relative to the project, with slashes
     * @throws LoreleyException with kind STORAGE if a folder cannot be listed
     */
    public static Set<String> names(EvaluatorSettings settings, Path project) {
        try {
            return find(settings, project).stream()
                    .map(file -> slashed(project.relativize(file)))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static NavigableSet<Path> find(EvaluatorSettings settings, Path project) throws IOException {
        NavigableSet<Path> found = new TreeSet<>();
        for (String text : texts(settings)) {
            Matcher matcher = NAMED.matcher(text);
            while (matcher.find()) {
                addLongest(matcher.group(1), project, found);
            }
        }
        for (Path module : modules(settings.python(), project)) {
            add(module, project, found);
        }
        for (String path : settings.ground().laidOver()) {
            if (!add(project.resolve(path), project, found)) {
                throw nothing("overlay", path, project);
            }
        }
        addMatching(settings.ground().files(), project, found);
        return found;
    }

    /** In a line for a shell a path ends at a blank, and as an argument of its own it may hold some: what exists is meant. */
    private static void addLongest(String text, Path project, NavigableSet<Path> found) throws IOException {
        int end = text.length();
        while (end > 0 && !add(project.resolve(text.substring(0, end)), project, found)) {
            do {
                end--;
            } while (end > 0 && !Character.isWhitespace(text.charAt(end)));
        }
    }

    private static void addMatching(List<String> patterns, Path project, NavigableSet<Path> found) throws IOException {
        if (patterns.isEmpty()) {
            return;
        }
        Map<String, Glob> unmatched = new LinkedHashMap<>();
        patterns.forEach(pattern -> unmatched.put(pattern, Glob.of(pattern)));
        List<Glob> globs = List.copyOf(unmatched.values());
        walk(project, project, file -> {
            String path = slashed(project.relativize(file));
            if (globs.stream().anyMatch(glob -> glob.matches(path))) {
                found.add(file);
                unmatched.values().removeIf(glob -> glob.matches(path));
            }
        });
        if (!unmatched.isEmpty()) {
            throw nothing("files", String.join(", ", unmatched.keySet()), project);
        }
    }

    private static LoreleyException nothing(String key, String what, Path project) {
        return new LoreleyException(
                FailureKind.CONFIGURATION,
                "evaluator.ground.%s names %s, and no file in %s is meant by it. Correct the path"
                        .formatted(key, what, project));
    }

    private static LoreleyException unreadable(IOException e) {
        return new LoreleyException(
                FailureKind.STORAGE, "a file of the evaluator cannot be read: " + e.getMessage(), e);
    }

    private static List<String> texts(EvaluatorSettings settings) {
        List<String> texts = new ArrayList<>();
        settings.steps().forEach(step -> texts.addAll(step.command()));
        if (settings.python().plugin() != null) {
            texts.add(settings.python().plugin());
        }
        texts.addAll(settings.python().arguments());
        return texts;
    }

    /** Where Python would find the module of {@code module:callable} in the project. */
    private static List<Path> modules(PythonSettings python, Path project) {
        String plugin = python.plugin();
        if (plugin == null || plugin.contains("/") || plugin.contains("$")) {
            return List.of();
        }
        String module = plugin.contains(":")
                ? plugin.substring(0, plugin.indexOf(':'))
                : plugin.substring(0, Math.max(plugin.lastIndexOf('.'), 0));
        String path = module.replace('.', '/');
        List<Path> found = new ArrayList<>();
        for (String folder : python.paths()) {
            Path place = project.resolve(folder.replace("${project}", project.toString()));
            found.add(place.resolve(path + ".py"));
            if (!path.isEmpty()) {
                found.add(place.resolve(path));
            }
        }
        return found;
    }

    /** @return whether there is one in the project; what lies outside is not pinned */
    private static boolean add(Path path, Path project, NavigableSet<Path> found) throws IOException {
        Path named = path.normalize();
        if (!named.startsWith(project) || named.equals(project)) {
            return false;
        }
        List<Path> files = new ArrayList<>();
        if (Files.isRegularFile(named)) {
            files.add(named);
        } else if (Files.isDirectory(named)) {
            walk(named, project, files::add);
        }
        found.addAll(files);
        return !files.isEmpty();
    }

    /** What to do with a regular file. */
    private interface Visit {
        void file(Path file);
    }

    /** Folders of the project that links lead to are not walked: they can be named themselves. */
    private static void walk(Path folder, Path project, Visit visit) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                return name.equals(".git") || name.equals("__pycache__")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() || leadsToFile(file, project)) {
                    visit.file(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Whether it is a link to a file of the project, whose content is pinned as its own. */
    private static boolean leadsToFile(Path link, Path project) throws IOException {
        return Files.isRegularFile(link) && link.toRealPath().startsWith(project.toRealPath());
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = Digests.sha256();
        try (OutputStream into = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            Files.copy(file, into);
        }
        return Digests.hex(digest.digest());
    }

    static String slashed(Path relative) {
        return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
    }
}

package io.loreley.embedding;

import io.loreley.domain.CommitHash;
import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.git.Hub;
import io.loreley.git.TreeEntry;
import io.loreley.mapelites.Vector;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Embeds the repository state of a commit: the mean of its files' vectors. For one thread. */
public final class RepositoryEmbedder {

    private static final int DIMENSIONS = 256;
    private static final long MAX_BYTES = 512 * 1024;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z_]+|\\d+(?:\\.\\d+)?");

    private final Hub hub;
    private final String prefix;
    private final Map<String, double[]> blobs = new HashMap<>();

    public RepositoryEmbedder(Hub hub, String subfolder) {
        this.hub = hub;
        this.prefix = subfolder.isEmpty() ? "" : subfolder + "/";
    }

    public CommitEmbedding embed(CommitHash commit) {
        List<TreeEntry> files = hub.files(commit).stream()
                .filter(file ->
                        file.mode().isFile() && file.size() > 0 && file.path().startsWith(prefix))
                .toList();
        hub.readBlobs(
                files.stream()
                        .map(TreeEntry::blob)
                        .filter(blob -> !blobs.containsKey(blob))
                        .distinct()
                        .toList(),
                MAX_BYTES,
                (hash, content) -> blobs.put(hash, hashed(new String(content, StandardCharsets.UTF_8))));
        double[] sum = new double[DIMENSIONS];
        int count = 0;
        for (TreeEntry file : files) {
            double[] vector = blobs.get(file.blob());
            if (vector != null) {
                for (int i = 0; i < DIMENSIONS; i++) {
                    sum[i] += vector[i];
                }
                count++;
            }
        }
        if (count == 0) {
            throw new LoreleyException(
                    FailureKind.EMBEDDING, "commit %s holds no text file".formatted(commit.abbreviated()));
        }
        return new CommitEmbedding(Vector.of(sum), count, "hashing");
    }

    private static double[] hashed(String text) {
        double[] vector = new double[DIMENSIONS];
        Matcher tokens = TOKEN.matcher(text);
        while (tokens.find()) {
            int hash = tokens.group().hashCode() * 0x9E3779B9;
            vector[Math.floorMod(hash >>> 8, DIMENSIONS)] += hash < 0 ? -1 : 1;
        }
        return vector;
    }
}

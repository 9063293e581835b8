package io.loreley.cli;

import io.loreley.domain.CommitHash;
import io.loreley.git.Hub;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the showcase's candidates into a hub, as real commits. */
final class ShowcaseCommits {

    private ShowcaseCommits() {}

    /** Their hashes, in the order of the candidates. */
    static List<CommitHash> write(Hub hub, List<Showcase.Candidate> candidates) throws IOException {
        Path marks = Files.createTempFile("loreley-marks", "");
        try {
            Process git = new ProcessBuilder(
                            "git", "-C", hub.folder().toString(), "fast-import", "--quiet", "--export-marks=" + marks)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (OutputStream out = git.getOutputStream()) {
                out.write(candidates.stream()
                        .map(ShowcaseCommits::command)
                        .collect(Collectors.joining())
                        .getBytes(StandardCharsets.UTF_8));
            }
            if (git.waitFor() != 0) {
                throw new IllegalStateException("git fast-import ended with " + git.exitValue());
            }
            CommitHash[] hashes = new CommitHash[candidates.size()];
            for (String line : Files.readAllLines(marks)) {
                String[] parts = line.substring(1).split(" ");
                hashes[Integer.parseInt(parts[0]) - 1] = new CommitHash(parts[1]);
            }
            return Arrays.asList(hashes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Files.delete(marks);
        }
    }

    private static String command(Showcase.Candidate candidate) {
        StringBuilder command = new StringBuilder("""
                commit refs/loreley/showcase/%d
                mark :%d
                committer Loreley Worker <worker@loreley.invalid> %d +0000
                %s""".formatted(
                        candidate.number(),
                        candidate.number() + 1,
                        candidate.at().getEpochSecond(),
                        data(candidate.program().subject())));
        if (candidate.parent() != null) {
            command.append("from :").append(candidate.parent().number() + 1).append('\n');
        }
        candidate
                .program()
                .files()
                .forEach((file, text) -> command.append("M 100644 inline ")
                        .append(file)
                        .append('\n')
                        .append(data(text)));
        return command.append('\n').toString();
    }

    private static String data(String text) {
        return "data %d\n%s\n".formatted(text.getBytes(StandardCharsets.UTF_8).length, text);
    }
}

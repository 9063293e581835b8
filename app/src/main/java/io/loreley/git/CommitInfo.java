package io.loreley.git;

import io.loreley.domain.CommitHash;
import java.util.List;

/**
 * What a commit says of itself.
 *
 * @param author the name alone
 * @param subject the first line of the message; empty if there is none
 */
public record CommitInfo(String tree, List<CommitHash> parents, String author, String subject, String body) {

    public CommitInfo {
        parents = List.copyOf(parents);
    }
}

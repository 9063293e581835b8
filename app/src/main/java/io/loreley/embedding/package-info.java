/**
 * The files of a commit → one vector, paying only for unseen blobs. Begin with
 * {@link io.loreley.embedding.RepositoryEmbedder}.
 */
@NullMarked
package io.loreley.embedding;

import org.jspecify.annotations.NullMarked;

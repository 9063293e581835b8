/**
 * The files of a commit → one vector, paying only for unseen blobs.
 *
 * <p>Begin with {@link io.loreley.embedding.RepositoryEmbedder}. A file passes through
 * {@link io.loreley.embedding.FileSelection} (does its path count), {@link io.loreley.embedding.TextPipeline} (comments
 * away, chunks), an {@link io.loreley.embedding.Embedder} and the cache; the sum over a commit's files goes through
 * {@link io.loreley.embedding.Displacement}. Content comes from Git objects by hash, never from a work tree. Nothing here
 * knows of archives or projections.
 */
@NullMarked
package io.loreley.embedding;

import org.jspecify.annotations.NullMarked;

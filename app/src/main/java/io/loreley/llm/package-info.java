/**
 * Embeddings and short completions over an OpenAI-compatible API. Begin with {@link io.loreley.llm.Endpoint}, which knows
 * how to ask and when to ask again; {@link io.loreley.llm.Embeddings} and {@link io.loreley.llm.ChatCompletions} know what.
 *
 * <p>Knows nothing of repositories, and stores nothing. A key is read from the environment and shown to nobody but the
 * endpoint.
 */
@NullMarked
package io.loreley.llm;

import org.jspecify.annotations.NullMarked;

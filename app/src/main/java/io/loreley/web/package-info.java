/**
 * The dashboard and the API. Begin at {@link io.loreley.web.WebServer}, then {@link io.loreley.web.Routes}: every address,
 * who may use it and what answers. The pages are in {@code resources/web}: ES modules, served as they are.
 *
 * <p>It reads what is stored, rebuilds nothing, and changes an experiment only through {@code store}. Everything that
 * candidates wrote leaves it as data, never as markup.
 */
@NullMarked
package io.loreley.web;

import org.jspecify.annotations.NullMarked;

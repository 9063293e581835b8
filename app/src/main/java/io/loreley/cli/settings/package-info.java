/**
 * Turns a YAML file, the environment and flags into a settings record, or says everything that is wrong with them.
 * Begin with {@link io.loreley.cli.settings.SettingsBinder}.
 *
 * <p>Knows records and {@link io.loreley.domain.Setting}, and no single setting of Loreley.
 */
@NullMarked
package io.loreley.cli.settings;

import org.jspecify.annotations.NullMarked;

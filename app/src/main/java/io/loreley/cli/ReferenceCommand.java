package io.loreley.cli;

import picocli.CommandLine.Command;

/** Prints the reference page on settings, from which {@code docs/settings.md} is made. */
@Command(name = "reference", hidden = true, description = "Print the reference page on settings.")
final class ReferenceCommand implements Runnable {

    private final Surroundings surroundings;

    ReferenceCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        surroundings.out().print(SettingsPage.markdown());
    }
}

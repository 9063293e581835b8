package io.loreley.cli;

import io.loreley.domain.FailureKind;
import io.loreley.domain.LoreleyException;
import io.loreley.store.ApiTokens;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes and ends the tokens that open the dashboard from other machines. */
@Command(
        name = "token",
        description = "Tokens for the dashboard and the API beyond this machine: create, list, revoke.")
final class TokenCommand implements Runnable {

    private static final int SECRET_BYTES = 32;

    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    TokenCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(surroundings.out());
    }

    @Command(name = "create", description = "Make a token, and show it this once.", mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME", description = "For whom or what it is.") String name,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            defaultValue = "read",
                            description = "read or operate (read).")
                    String role,
            @Mixin MachineOptions machine) {
        ApiTokens.Role opens = role(role);
        return with(machine, tokens -> {
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
            tokens.add(name, opens, text);
            surroundings.out().println(text);
            surroundings.err().println("It is not kept and not shown again. Use it as: Authorization: Bearer …");
            return Failures.OK;
        });
    }

    @Command(name = "list", description = "Say which tokens there are.", mixinStandardHelpOptions = true)
    int list(@Mixin MachineOptions machine) {
        return with(machine, tokens -> {
            tokens.all()
                    .forEach(token -> surroundings
                            .out()
                            .printf(
                                    "%-24s %-8s made %s%s%n",
                                    token.name(),
                                    token.role().name().toLowerCase(Locale.ROOT),
                                    token.createdAt(),
                                    token.revokedAt() == null ? "" : ", revoked " + token.revokedAt()));
            return Failures.OK;
        });
    }

    @Command(name = "revoke", description = "End a token.", mixinStandardHelpOptions = true)
    int revoke(
            @Parameters(paramLabel = "NAME", description = "The name it was made with.") String name,
            @Mixin MachineOptions machine) {
        return with(machine, tokens -> {
            if (!tokens.revoke(name)) {
                throw new LoreleyException(
                        FailureKind.CONFIGURATION,
                        "no token '%s' is in use; loreley token list shows them".formatted(name));
            }
            surroundings.out().println("revoked");
            return Failures.OK;
        });
    }

    private static ApiTokens.Role role(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "read" -> ApiTokens.Role.READ;
            case "operate" -> ApiTokens.Role.OPERATE;
            default ->
                throw new LoreleyException(
                        FailureKind.CONFIGURATION, "--role: '%s' is unknown; known are read, operate".formatted(word));
        };
    }

    private int with(MachineOptions machine, Function<ApiTokens, Integer> work) {
        return machine.wired(
                "token", surroundings, wiring -> work.apply(new ApiTokens(wiring.database(), wiring.clock())));
    }
}

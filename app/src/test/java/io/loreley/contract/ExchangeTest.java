package io.loreley.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ExchangeTest {

    @TempDir
    Path folder;

    @Test
    void the_answer_is_taken_out_of_the_outbox_and_what_else_is_there_stays() throws IOException {
        Exchange exchange = open();
        Path awaited = exchange.awaited();
        Files.writeString(awaited, "42");
        Files.writeString(awaited.resolveSibling("picture.svg"), "<svg/>");

        exchange.takeIn();

        assertThat(awaited.getParent()).isEqualTo(exchange.outbox());
        assertThat(answer(exchange)).isEqualTo("42");
        assertThat(exchange.outbox()).isDirectoryNotContaining(awaited::equals).isNotEmptyDirectory();
    }

    @Test
    void half_a_character_is_written_as_a_question_mark() throws IOException {
        Exchange exchange = open();

        exchange.write("prompt.txt", "It said \uD83D, and 😀.");

        assertThat(exchange.folder().resolve("prompt.txt")).hasContent("It said ?, and 😀.");
    }

    @Test
    void an_outbox_that_became_a_link_holds_no_answer() throws IOException {
        Exchange exchange = open();
        Path theirs = Files.writeString(folder.resolve("report.json"), "theirs");
        exchange.awaited();
        Files.delete(exchange.outbox());
        Files.createSymbolicLink(exchange.outbox(), folder);

        exchange.takeIn();

        assertThat(exchange.answer(Role.AGENT)).isEmpty();
        assertThat(theirs).hasContent("theirs");
    }

    @Test
    void a_new_exchange_is_made_in_place_of_what_was_left_there() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path theirs = Files.writeString(elsewhere.resolve("stdout.log"), "theirs");
        Files.createSymbolicLink(folder.resolve("exchange"), elsewhere);
        Exchange first = open();
        Files.createSymbolicLink(first.stdout(), theirs);
        Files.createDirectories(first.result().resolve("a/b"));
        Files.createDirectories(first.outbox().resolve("c"));

        Exchange second = open();

        assertThat(second.stdout()).doesNotExist();
        assertThat(second.result()).doesNotExist();
        assertThat(second.awaited().getParent()).isEmptyDirectory();
        assertThat(elsewhere).isDirectoryContaining(theirs::equals);
        assertThat(elsewhere.resolve("request.json")).doesNotExist();
        assertThat(theirs).hasContent("theirs");
    }

    @Test
    void folders_that_were_closed_are_opened_again() throws IOException {
        assumeFalse(System.getProperty("user.name").equals("root"), "root enters any folder");
        Exchange exchange = open();
        Path awaited = exchange.awaited();
        Files.writeString(awaited, "42");
        for (Path closed : new Path[] {awaited, exchange.outbox(), exchange.folder()}) {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        }

        exchange.takeIn();

        assertThat(answer(exchange)).isEqualTo("42");
    }

    private Exchange open() {
        return Exchange.open(folder.resolve("exchange"), "report.json", Map.of());
    }

    private static String answer(Exchange exchange) {
        return new String(exchange.answer(Role.AGENT).orElseThrow(), StandardCharsets.UTF_8);
    }
}

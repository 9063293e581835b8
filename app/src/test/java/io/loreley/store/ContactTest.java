package io.loreley.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.event.SchedulerListener.SchedulerEventType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A heartbeat a second; the dead are looked for every two; who is silent for five is dead. */
class ContactTest {

    private final SettableClock clock = new SettableClock(Rows.NOON);
    private final Contact contact = new Contact(clock, Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void who_has_just_begun_buries_nobody() {
        assertThat(contact.mayBury()).isFalse();
        look();
        assertThat(contact.mayBury()).isFalse();
        listen(4);
        assertThat(contact.mayBury()).isFalse();
        listen(2);
        assertThat(contact.mayBury()).isTrue();
    }

    @Test
    void who_was_cut_off_listens_anew() {
        listen(20);
        assertThat(contact.mayBury()).isTrue();

        clock.advance(Duration.ofSeconds(10));
        assertThat(contact.mayBury()).as("the first look after an outage").isFalse();
        look();
        assertThat(contact.mayBury()).isFalse();
        listen(4);
        assertThat(contact.mayBury()).isFalse();
        listen(2);
        assertThat(contact.mayBury()).isTrue();
    }

    @Test
    void other_events_are_no_sign_of_contact() {
        look();
        for (int second = 0; second < 6; second++) {
            clock.advance(Duration.ofSeconds(1));
            contact.onSchedulerEvent(SchedulerEventType.UNEXPECTED_ERROR);
        }
        assertThat(contact.mayBury()).isFalse();
    }

    private void listen(int seconds) {
        for (int second = 0; second < seconds; second += 2) {
            clock.advance(Duration.ofSeconds(2));
            look();
        }
    }

    private void look() {
        contact.onSchedulerEvent(SchedulerEventType.RAN_DETECT_DEAD);
    }
}

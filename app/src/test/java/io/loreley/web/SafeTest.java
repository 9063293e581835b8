package io.loreley.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTest {

    @Test
    void markup_is_text_and_what_is_invisible_is_written_out() {
        assertThat(Safe.html("<script>\"'&</script>\u001b[31m\u202eabc\tü\n"))
                .isEqualTo("&lt;script&gt;&quot;&#39;&amp;&lt;/script&gt;⟨001B⟩[31m⟨202E⟩abc\tü\n");
    }

    @Test
    void half_a_character_is_written_out() {
        assertThat(Safe.visible("a\ud83d")).isEqualTo("a⟨D83D⟩");
        assertThat(Safe.visible("a🙂")).isEqualTo("a🙂");
    }

    @Test
    void a_path_with_blank_lines_stays_a_code_span() {
        assertThat(Safe.code("a`b\n\n<img src=x>\r\u202e.txt")).isEqualTo("`a'b  <img src=x>⟨000D⟩⟨202E⟩.txt`");
    }
}

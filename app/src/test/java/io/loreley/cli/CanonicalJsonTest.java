package io.loreley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {

    /** Bit patterns and texts of RFC 8785, appendix B. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void numbers_are_written_as_ecmascript_writes_them(String bits, String text) {
        assertThat(CanonicalJson.write(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16))))
                .isEqualTo(text);
    }

    @Test
    void keys_are_sorted_by_code_units_and_texts_escaped() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("\u20ac", "Euro");
        members.put("\r", "return");
        members.put("1", List.of(true, 1, 2.5, "a\"\\\n\u000f\u00e9"));
        members.put("\ud83d\ude00", "smile");
        members.put("\ufb33", "dalet");

        assertThat(CanonicalJson.write(members))
                .isEqualTo("{\"\\r\":\"return\",\"1\":[true,1,2.5,\"a\\\"\\\\\\n\\u000f\u00e9\"],\"\u20ac\":\"Euro\","
                        + "\"\ud83d\ude00\":\"smile\",\"\ufb33\":\"dalet\"}");
    }

    @Test
    void what_numbers_of_json_cannot_hold_is_written_otherwise() {
        assertThat(CanonicalJson.write(Arrays.asList(
                        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, Long.MAX_VALUE, null)))
                .isEqualTo("[{\"__float__\":\"inf\"},{\"__float__\":\"-inf\"},{\"__float__\":\"nan\"},"
                        + "\"9223372036854775807\",null]");
    }

    @Test
    void equal_values_have_equal_hashes() {
        assertThat(CanonicalJson.sha256(Map.of("a", 1, "b", 2L)))
                .isEqualTo(CanonicalJson.sha256(Map.of("b", 2.0, "a", 1L)))
                .isEqualTo("43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777");
    }
}

package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CommentsTest {

    @Test
    void a_line_that_was_only_a_comment_goes_altogether() {
        assertStripped("A.java", "int a;\n  // gone\nint b; // gone too\n", "int a;\nint b; \n");
    }

    @Test
    void a_block_leaves_a_blank_or_a_line_end_between_words() {
        assertStripped("A.java", "int/* x */a;", "int a;");
        assertStripped("A.java", "z/*a\nb*/w", "z\nw");
    }

    @Test
    void a_block_that_is_never_closed_stays() {
        assertUntouched("A.java", "int a; /* open\n int b;");
    }

    @Test
    void strings_survive() {
        assertUntouched("A.java", "String url = \"http://x/*y*/\" + '\"' + '/' + \"\\\"//\";");
        assertUntouched("A.java", "var text = \"\"\"\n  // no \" comment\n  \"\"\";");
        assertUntouched("a.py", "glob = \"src/**/*.ts#x\" + '''\n# no comment\n'''");
        assertUntouched("a.js", "const a = `// ${b} /* */`, c = 'http://x';");
        assertUntouched("a.go", "var a = `// \\` + \"//\" + string('/')");
        assertUntouched("a.sql", "SELECT 'it''s -- no comment', \"a--b\"");
        assertUntouched("a.sh", "echo '# no' \"# no\" ${#x} $# a#b");
        assertUntouched("a.cs", "var path = @\"C:\\\" + \"//\";");
        assertUntouched("a.lua", "local s = [[ -- no ]]");
    }

    @Test
    void raw_strings_survive() {
        assertUntouched("a.rs", "let a = r#\"// \" /* \"#;");
        assertUntouched("a.cpp", "auto a = R\"x(// )\" /* )x\";");
    }

    @Test
    void what_follows_a_string_is_code_again() {
        assertStripped("a.rs", "let a = r#\"x\"#; // gone", "let a = r#\"x\"#; ");
        assertStripped("a.cpp", "auto a = R\"x(y)x\"; // gone", "auto a = R\"x(y)x\"; ");
        assertStripped("a.py", "a = '''x''' # gone", "a = '''x''' ");
        assertStripped("a.c", "char c = '\\''; // gone", "char c = '\\''; ");
    }

    @Test
    void single_quotes_that_open_nothing_do_not_swallow_code() {
        assertStripped("a.rs", "fn f<'a>(x: &'a str) {} // gone", "fn f<'a>(x: &'a str) {} ");
        assertStripped("a.cpp", "int n = 1'000'000; // gone", "int n = 1'000'000; ");
        assertStripped("a.hs", "foldl' f -- gone", "foldl' f ");
        assertStripped("a.scala", "val s = 'symbol // gone", "val s = 'symbol ");
    }

    @Test
    void preprocessor_lines_and_attributes_survive() {
        assertUntouched("a.c", "#include <stdio.h>\n#define A 1\n--i;");
        assertUntouched("a.rs", "#[derive(Debug)]\nstruct A;");
        assertUntouched("a.php", "<?php #[Attribute]\nclass A {}");
        assertStripped("a.py", "a = 7 // 2 # half", "a = 7 // 2 ");
    }

    @Test
    void a_line_that_names_an_interpreter_survives() {
        assertStripped("a.sh", "#!/bin/sh\n# gone\necho", "#!/bin/sh\necho");
        assertUntouched("a.py", "#!/usr/bin/env python3\nprint()");
    }

    @Test
    void comments_nest_where_the_language_says_so() {
        assertStripped("a.rs", "a /* x /* y */ z */ b", "a   b");
        assertStripped("a.java", "a /* x /* y */ z", "a   z");
        assertStripped("a.hs", "a {- x {- y -} z -} b", "a   b");
    }

    @Test
    void regular_expressions_are_no_comments() {
        assertUntouched("a.js", "x.replace(/[/*]\\/\\//g, '') || y");
        assertStripped("a.js", "return /'/.test(a) // gone", "return /'/.test(a) ");
        assertStripped("a.js", "a = b / c; // gone\nd = e / f", "a = b / c; \nd = e / f");
    }

    @Test
    void a_regular_expression_may_be_as_long_as_a_file() {
        String all = "a = /" + "ab\\d[x\\]y]".repeat(50_000) + "/;";
        assertStripped("a.js", all + " // gone", all + " ");
        assertStripped(
                "a.js", "a = /[" + "\\d".repeat(50_000) + "]/; // gone", "a = /[" + "\\d".repeat(50_000) + "]/; ");
    }

    @Test
    @Timeout(5)
    void comments_that_are_never_closed_are_looked_for_once() {
        assertUntouched("a.java", "/* ".repeat(200_000));
        assertUntouched("a.rs", "/* ".repeat(200_000));
        assertStripped("a.rs", "/* /* /* x */ y", "/* /*   y");
        assertStripped("a.rs", "/* /* x */ /* y */ z", "/*     z");
    }

    @Test
    void here_documents_survive() {
        assertUntouched("a.sh", "cat <<EOF\n# text\nit's\nEOF\necho");
        assertStripped("a.sh", "cat <<-'END' # gone\n# text\n\tEND\n# gone\n", "cat <<-'END' \n# text\n\tEND\n");
    }

    @Test
    void languages_with_other_marks() {
        assertStripped("a.lua", "a --[[ x\ny ]] b -- gone", "a \n b ");
        assertStripped("a.rb", "a\n=begin\nx\n=end\nb # gone", "a\n\n\nb ");
        assertStripped("a.html", "<p>it's<!-- gone --> here</p>", "<p>it's  here</p>");
        assertStripped("Makefile", "all: a#b # gone\n", "all: a#b \n");
        assertStripped("a.clj", "(def a \"; no\") ; gone", "(def a \"; no\") ");
        assertStripped("a.tex", "10\\% of % gone", "10\\% of ");
    }

    @Test
    void unknown_files_are_left_alone() {
        assertUntouched("notes.txt", "# title // text /* x */");
        assertUntouched("data.json", "{\"a\": \"// b\"}");
    }

    private static void assertUntouched(String path, String text) {
        assertStripped(path, text, text);
    }

    private static void assertStripped(String path, String text, String expected) {
        assertThat(Language.of(path).withoutComments(text)).isEqualTo(expected);
    }
}

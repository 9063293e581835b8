package io.loreley.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    void strings_in_single_quotes_survive_where_they_are_strings() {
        assertUntouched("build.gradle", "maven { url 'https://x/y' }\nexclude '**/*.class', '*/'");
        assertUntouched("Jenkinsfile", "sh 'curl https://x' + '''\n// no\n'''");
        assertUntouched("a.groovy", "def m = text =~ /https:\\/\\/x/");
        assertUntouched("a.dart", "final u = Uri.parse('https://x/*y*/');\nfinal t = '''\n// no\n''';");
        assertUntouched("a.proto", "option go_package = 'x//y';");
        assertStripped("a.dart", "a /* x /* y */ z */ = 'b'; // gone", "a   = 'b'; ");
    }

    @Test
    void strings_of_several_lines_survive() {
        assertUntouched("a.php", "<?php\n$a = 'x\n# no\n// no';\n$b = \"y\n/* no */\";");
        assertUntouched("a.toml", "a = \"\"\"\n# no\n\"\"\"\nb = '''\n# no \\'''\nc = 'C:\\'\nd = \"#\"");
        assertUntouched("a.ps1", "$a = @'\n# it's no\n'@\n$b = \"C:\\\"\n$c = 'x\n # no'");
        assertUntouched("a.zig", "const a =\n    \\\\a // no\n;");
        assertStripped("a.toml", "a = 'C:\\' # gone", "a = 'C:\\' ");
    }

    @Test
    void strings_in_code_in_strings_survive() {
        assertUntouched("a.ts", "a = `x ${h ? `https://${h}` : ''} /* ${{b: '}//'}} */`;");
        assertUntouched("a.kt", "val a = \"${if (b) \"https://c\" else \"\"}//d\"");
        assertUntouched("a.swift", "let a = \"\\(b ? \"https://c\" : (d))//e\"");
        assertUntouched("a.rb", "a = \"#{b[\"c # d\"]} # e\"");
        assertUntouched("a.sh", "a=\"$(printf '%s' \"b # c\") # d\"");
        assertUntouched("main.tf", "a = \"${lookup(var.b, \"https://c\")}//d\"");
        assertStripped("a.ts", "a = `${`b`}`; // gone", "a = `${`b`}`; ");
        assertStripped("a.ts", "a = `${b`; // gone", "a = `${b`; ");
    }

    @Test
    @Timeout(20)
    void strings_that_hold_code_without_end_are_not_searched_over_and_over() {
        assertUntouched("a.js", "`${".repeat(150_000));
        assertUntouched("a.kt", "\"${\" ".repeat(150_000));
        assertUntouched("a.sh", "x << y".repeat(80_000));
        assertUntouched("a.ini", "#".repeat(400_000).replace("#", "a#"));
        assertUntouched("a.hs", "|" + "-".repeat(400_000));
        assertUntouched("a.yaml", "a: " + "| ".repeat(200_000));
    }

    @Test
    void addresses_outside_strings_survive() {
        assertUntouched("a.jsx", "<a>see https://x.org/y</a>");
        assertUntouched("a.scss", "@import url(//x.org/y);\na { b: url(https://x) }");
    }

    @Test
    void values_that_hold_a_comment_mark_survive() {
        assertUntouched("a.properties", "color = #fff\nurl=http://x # y\nname = it's ! so\nlong = a\\\n  # b");
        assertUntouched("a.ini", "color = #fff\nb = c ; d");
        assertStripped("a.properties", "# gone\n  ! gone\na = b", "a = b");
        assertStripped("a.ini", "[a]\n  ; gone\nb = c", "[a]\nb = c");
    }

    @Test
    void block_scalars_survive() {
        assertUntouched("a.yaml", "run: |\n  # no\n\n  echo it's # no\nb: c");
        assertUntouched("a.yml", "- >-\n  a # no\n- !!str |2\n    b # no\n");
        assertStripped(
                "a.yaml", "- run: | # why\n    # no\n  with: a # gone\n", "- run: | # why\n    # no\n  with: a \n");
        assertStripped("a.yaml", "a: b | c # gone\n  # gone\n", "a: b | c \n");
        assertStripped("a.yaml", "a: |\n  b\n# gone\nc: 'd # e' # gone", "a: |\n  b\nc: 'd # e' ");
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
        assertUntouched("a.pas", "{$IFDEF DEBUG}\n(*$R+*)\na := 'C:\\';");
        assertUntouched("a.hs", "{-# LANGUAGE GADTs #-}\na --> b |-- c");
        assertUntouched("a.f90", "!$omp parallel do\n!$ n = omp_get_max_threads()\n!DIR$ IVDEP");
        assertUntouched("a.go", "//go:embed a.txt\nvar a string\n//export Add");
        assertUntouched("a.ts", "/// <reference types=\"node\" />");
        assertUntouched("a.sql", "SELECT /*+ INDEX(a) */ 1 /*!50000 , 2 */");
        assertUntouched("a.html", "<!--[if IE]><p>x</p><![endif]--><!--#include file=\"a\" -->");
        assertUntouched("a.ps1", "#Requires -Version 7");
        assertStripped("a.pas", "a{gone}b {$I c.inc} // gone", "a b {$I c.inc} ");
        assertStripped("a.hs", "a {- gone -} --- gone\nb -- | gone", "a   \nb ");
        assertStripped("a.f90", "a = 1 ! gone\n!$omp end parallel", "a = 1 \n!$omp end parallel");
        assertStripped("a.py", "a = 7 // 2 # half", "a = 7 // 2 ");
    }

    @Test
    void what_stands_behind_a_backslash_opens_nothing() {
        assertStripped("a.sh", "echo it\\'s # gone\necho 'x'", "echo it\\'s \necho 'x'");
        assertStripped("a.tex", "a \\\\% gone\nb \\% c", "a \\\\\nb \\% c");
        assertStripped("a.clj", "[\\; \\\"] ; gone", "[\\; \\\"] ");
    }

    @Test
    void markup_around_php_is_no_code() {
        assertUntouched("a.php", "<p>it's // here # and /* there</p>\n<?= 'a' ?>\n<a href='http://x'>it's</a>");
        assertStripped(
                "a.php",
                "<p>it's</p><?php $u = 'http://x'; // gone ?><p>it's // here</p>",
                "<p>it's</p><?php $u = 'http://x'; ?><p>it's // here</p>");
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
    @Timeout(20)
    void regular_expressions_that_do_not_end_are_looked_for_once() {
        assertUntouched("a.js", "=/[".repeat(170_000));
        assertUntouched("a.js", "=/[".repeat(170_000) + "\\]");
        assertUntouched("a.js", "=/a".repeat(170_000) + "\\/");
        assertStripped("a.js", "a = /[ b, /'/ // gone", "a = /[ b, /'/ ");
    }

    @Test
    @Timeout(20)
    void the_ends_of_here_documents_are_looked_for_once() {
        String opened = IntStream.range(0, 60_000).mapToObj(i -> "<<w" + i).collect(Collectors.joining("\n"));
        assertUntouched("a.sh", opened);
        assertUntouched("a.php", "<?php " + opened.replace("<<", "<<<"));
        assertStripped("a.php", "<?php //?>".repeat(50_000), "<?php ?>".repeat(50_000));
    }

    @Test
    @Timeout(20)
    void what_stands_before_a_block_scalar_is_read_once() {
        assertUntouched("a.yaml", ": !".repeat(60_000) + " x |\n b");
        assertUntouched("a.yaml", "a: !" + "b !".repeat(60_000) + "c &d |\n # b");
    }

    @Test
    @Timeout(20)
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
        for (String opening : List.of("<< EOF", "<< 'EOF'", "<<\\EOF", "<<\"EOF\"", "<<- EOF")) {
            assertStripped(
                    "a.sh",
                    "cat " + opening + " >a # gone\n# text\nEOF\n# gone\n",
                    "cat " + opening + " >a \n# text\nEOF\n");
        }
        assertUntouched("a.sh", "cat <<'END-1' <<B\n# EOF\nEND-1\n# text\nB\n");
        assertStripped("a.sh", "cat <<EOF\n  EOF\n# text\nEOF\n# gone\n", "cat <<EOF\n  EOF\n# text\nEOF\n");
        assertStripped("a.sh", "a=$((b << c)) # gone\nread d <<<\"$e\" # gone", "a=$((b << c)) \nread d <<<\"$e\" ");
        assertStripped("main.tf", "a = <<-EOF\n  # text\n  EOF\n# gone\n", "a = <<-EOF\n  # text\n  EOF\n");
        assertStripped(
                "a.rb", "a = [<<~B, c] # gone\n  # text\n  B\nd << e # gone", "a = [<<~B, c] \n  # text\n  B\nd << e ");
        assertStripped(
                "a.php", "<?php f(<<<'EOT'\n  # text\n  EOT, 1); // gone", "<?php f(<<<'EOT'\n  # text\n  EOT, 1); ");
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

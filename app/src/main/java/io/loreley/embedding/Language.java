package io.loreley.embedding;

import static io.loreley.embedding.Quote.Hole.BACKSLASH_PARENTHESIS;
import static io.loreley.embedding.Quote.Hole.DOLLAR_BRACE;
import static io.loreley.embedding.Quote.Hole.DOLLAR_PARENTHESIS;
import static io.loreley.embedding.Quote.Hole.HASH_BRACE;
import static io.loreley.embedding.Quote.line;
import static io.loreley.embedding.Quote.lines;
import static io.loreley.embedding.Quote.raw;
import static io.loreley.embedding.Quote.rawLine;
import static io.loreley.embedding.Syntax.Trait.AT_START;
import static io.loreley.embedding.Syntax.Trait.BLOCKS_AT_MARGIN;
import static io.loreley.embedding.Syntax.Trait.BLOCK_SCALARS;
import static io.loreley.embedding.Syntax.Trait.CHARACTERS;
import static io.loreley.embedding.Syntax.Trait.CPP_RAW_STRINGS;
import static io.loreley.embedding.Syntax.Trait.DASH_OPERATORS;
import static io.loreley.embedding.Syntax.Trait.PHP_TAGS;
import static io.loreley.embedding.Syntax.Trait.REGULAR_EXPRESSIONS;
import static io.loreley.embedding.Syntax.Trait.RUST_RAW_STRINGS;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Languages by how comments and strings are written; several languages that write them alike are one. The name is part of
 * what cached vectors are stored under.
 */
enum Language {
    /** Anything else: nothing in it is a comment. */
    PLAIN(Syntax.of()),
    JAVA(
            Syntax.of("//")
                    .block("/*", "*/")
                    .quote(lines("\"\"\""))
                    .quote(line("\""))
                    .with(CHARACTERS),
            "java"),
    SCALA(
            Syntax.of("//")
                    .block("/*", "*/")
                    .nesting()
                    .quote(raw("\"\"\"", "\"\"\"").with(DOLLAR_BRACE))
                    .quote(line("\"").with(DOLLAR_BRACE))
                    .with(CHARACTERS),
            "scala sc"),
    GROOVY(
            Syntax.of("//")
                    .block("/*", "*/")
                    .quote(lines("\"\"\"").with(DOLLAR_BRACE))
                    .quote(lines("'''"))
                    .quote(line("\"").with(DOLLAR_BRACE))
                    .quote(line("'"))
                    .with(REGULAR_EXPRESSIONS),
            "groovy gradle gvy nf jenkinsfile"),
    DART(
            Syntax.of("//")
                    .block("/*", "*/")
                    .nesting()
                    .quote(lines("\"\"\"").with(DOLLAR_BRACE))
                    .quote(lines("'''").with(DOLLAR_BRACE))
                    .quote(line("\"").with(DOLLAR_BRACE))
                    .quote(line("'").with(DOLLAR_BRACE)),
            "dart"),
    SWIFT(
            Syntax.of("//")
                    .block("/*", "*/")
                    .nesting()
                    .quote(lines("\"\"\"").with(BACKSLASH_PARENTHESIS))
                    .quote(line("\"").with(BACKSLASH_PARENTHESIS)),
            "swift"),
    KOTLIN(
            Syntax.of("//")
                    .block("/*", "*/")
                    .nesting()
                    .quote(raw("\"\"\"", "\"\"\"").with(DOLLAR_BRACE))
                    .quote(line("\"").with(DOLLAR_BRACE))
                    .with(CHARACTERS),
            "kt kts"),
    C(
            Syntax.of("//").block("/*", "*/").quote(line("\"")).with(CHARACTERS).with(CPP_RAW_STRINGS),
            "c h cc cpp cxx c++ hh hpp hxx ipp inl m mm cu cuh cl glsl hlsl metal ino v sv"),
    /** Interfaces, described for several languages. */
    IDL(Syntax.of("//").block("/*", "*/").quote(line("\"")).quote(line("'")), "proto thrift"),
    C_SHARP(
            Syntax.of("//")
                    .block("/*", "*/")
                    .quote(raw("\"\"\"", "\"\"\""))
                    .quote(raw("@$\"", "\""))
                    .quote(raw("@\"", "\""))
                    .quote(line("\""))
                    .with(CHARACTERS),
            "cs csx fs fsx"),
    GO(
            Syntax.of("//")
                    .but("//go:", "//export ")
                    .block("/*", "*/")
                    .quote(raw("`", "`"))
                    .quote(line("\""))
                    .with(CHARACTERS),
            "go"),
    RUST(
            Syntax.of("//")
                    .block("/*", "*/")
                    .nesting()
                    .quote(lines("\""))
                    .with(CHARACTERS)
                    .with(RUST_RAW_STRINGS),
            "rs ron"),
    ZIG(Syntax.of("//").quote(rawLine("\\\\")).quote(line("\"")).with(CHARACTERS), "zig"),
    JAVASCRIPT(
            Syntax.of("//")
                    .but("/// <reference")
                    .block("/*", "*/")
                    .quote(lines("`").with(DOLLAR_BRACE))
                    .quote(line("\""))
                    .quote(line("'"))
                    .with(REGULAR_EXPRESSIONS),
            "js jsx mjs cjs ts tsx mts cts json5 jsonc"),
    CSS(Syntax.of().block("/*", "*/").quote(line("\"")).quote(line("'")), "css"),
    SCSS(
            Syntax.of("//")
                    .apart()
                    .but("(//")
                    .block("/*", "*/")
                    .quote(line("\""))
                    .quote(line("'")),
            "scss sass less styl"),
    PHP(
            Syntax.of("//", "#")
                    .apart()
                    .but("#[")
                    .block("/*", "*/")
                    .quote(lines("\""))
                    .quote(lines("'"))
                    .with(HereDocument.PHP)
                    .with(PHP_TAGS),
            "php phtml"),
    PYTHON(
            Syntax.of("#")
                    .quote(lines("\"\"\""))
                    .quote(lines("'''"))
                    .quote(line("\""))
                    .quote(line("'")),
            "py pyi pyx pyw bzl star gd nim cmake"),
    RUBY(
            Syntax.of("#")
                    .apart()
                    .block("=begin", "=end")
                    .quote(line("\"").with(HASH_BRACE))
                    .quote(line("'"))
                    .with(BLOCKS_AT_MARGIN)
                    .with(HereDocument.PLAIN),
            "rb rake gemspec cr"),
    SHELL(
            Syntax.of("#")
                    .apart()
                    .quote(lines("\"").with(DOLLAR_PARENTHESIS))
                    .quote(new Quote("$'", "'", true, true, null))
                    .quote(raw("'", "'"))
                    .with(HereDocument.SHELL),
            "sh bash zsh ksh fish bats"),
    PERL(
            Syntax.of("#")
                    .apart()
                    .block("=pod", "=cut")
                    .quote(line("\""))
                    .quote(line("'"))
                    .with(BLOCKS_AT_MARGIN)
                    .with(HereDocument.PLAIN),
            "pl pm t"),
    POWERSHELL(
            Syntax.of("#")
                    .apart()
                    .but("#requires", "#Requires")
                    .block("<#", "#>")
                    .quote(raw("@\"", "\"@"))
                    .quote(raw("@'", "'@"))
                    .quote(raw("\"", "\""))
                    .quote(raw("'", "'")),
            "ps1 psm1 psd1"),
    ELIXIR(
            Syntax.of("#")
                    .apart()
                    .but("?\"", "?'")
                    .quote(lines("\"\"\"").with(HASH_BRACE))
                    .quote(lines("'''"))
                    .quote(line("\"").with(HASH_BRACE))
                    .quote(line("'")),
            "ex exs"),
    R(Syntax.of("#").quote(lines("\"")).quote(lines("'")), "r"),
    JULIA(
            Syntax.of("#")
                    .block("#=", "=#")
                    .nesting()
                    .quote(lines("\"\"\""))
                    .quote(line("\""))
                    .with(CHARACTERS),
            "jl"),
    YAML(Syntax.of("#").apart().quote(line("\"")).quote(line("'")).with(BLOCK_SCALARS), "yaml yml"),
    TOML(
            Syntax.of("#")
                    .quote(lines("\"\"\""))
                    .quote(raw("'''", "'''"))
                    .quote(line("\""))
                    .quote(rawLine("'")),
            "toml"),
    HCL(
            Syntax.of("#", "//")
                    .apart()
                    .block("/*", "*/")
                    .quote(line("\"").with(DOLLAR_BRACE))
                    .with(HereDocument.HCL),
            "tf tfvars hcl nomad"),
    /** Files of settings in a shell's manner, and build files. */
    HASH(
            Syntax.of("#").apart().quote(line("\"")).quote(line("'")).with(HereDocument.PLAIN),
            "conf mk mak dockerfile awk tcl"),
    /** A value may hold what opens a comment, and an apostrophe. */
    PROPERTIES(Syntax.of("#", "!").with(AT_START), "properties"),
    INI(Syntax.of("#", ";").with(AT_START), "ini cfg editorconfig"),
    SQL(
            Syntax.of("--")
                    .but("/*!", "/*+")
                    .block("/*", "*/")
                    .quote(raw("'", "'"))
                    .quote(raw("\"", "\"")),
            "sql psql ddl pks pkb"),
    LUA(
            Syntax.of("--")
                    .block("--[[", "]]")
                    .block("--[=[", "]=]")
                    .quote(raw("[[", "]]"))
                    .quote(raw("[=[", "]=]"))
                    .quote(line("\""))
                    .quote(line("'")),
            "lua"),
    HASKELL(
            Syntax.of("--")
                    .but("{-#")
                    .block("{-", "-}")
                    .nesting()
                    .quote(line("\""))
                    .with(CHARACTERS)
                    .with(DASH_OPERATORS),
            "hs lhs elm purs agda idr"),
    ADA(Syntax.of("--").quote(rawLine("\"")).with(CHARACTERS), "adb ads ada vhd vhdl"),
    OCAML(Syntax.of().block("(*", "*)").nesting().quote(lines("\"")).with(CHARACTERS), "ml mli sml"),
    PASCAL(Syntax.of("//").but("{$", "(*$").block("(*", "*)").block("{", "}").quote(rawLine("'")), "pas dpr lpr"),
    LISP(
            Syntax.of(";").but("?\"", "?;").block("#|", "|#").nesting().quote(lines("\"")),
            "lisp lsp el clj cljs cljc edn scm ss rkt"),
    ERLANG(Syntax.of("%").but("$%", "$\"", "$'").quote(lines("\"")).quote(lines("'")), "erl hrl"),
    PERCENT(Syntax.of("%").quote(line("\"")), "tex sty cls bib"),
    /** What OpenMP, OpenACC and compilers are told stands behind a comment's mark. */
    FORTRAN(
            Syntax.of("!")
                    .but("!$", "!dir$", "!DIR$", "!dec$", "!DEC$", "!gcc$", "!GCC$")
                    .quote(rawLine("\""))
                    .quote(rawLine("'")),
            "f90 f95 f03 f08"),
    MARKUP(
            Syntax.of().but("<!--[if", "<!--#").block("<!--", "-->"),
            "html htm xhtml xml xsd xsl xslt svg md markdown rmd vue svelte pom csproj");

    private static final Map<String, Language> BY_EXTENSION = new HashMap<>();
    private static final Map<String, Language> BY_NAME = Map.of(
            "Makefile", HASH,
            "GNUmakefile", HASH,
            "Dockerfile", HASH,
            "Containerfile", HASH,
            "CMakeLists.txt", PYTHON,
            "Rakefile", RUBY,
            "Gemfile", RUBY,
            "Jenkinsfile", GROOVY,
            "BUILD", PYTHON);

    static {
        for (Language language : values()) {
            for (String extension : language.extensions) {
                BY_EXTENSION.put(extension, language);
            }
        }
    }

    /** Immutable: records of copied collections. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Syntax syntax;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> extensions;

    Language(Syntax syntax) {
        this.syntax = syntax;
        this.extensions = List.of();
    }

    Language(Syntax syntax, String extensions) {
        this.syntax = syntax;
        this.extensions = List.of(extensions.split(" "));
    }

    /** By the name of the file, else by its ending. */
    static Language of(String path) {
        Language named = BY_NAME.get(path.substring(path.lastIndexOf('/') + 1));
        return named != null ? named : BY_EXTENSION.getOrDefault(FileSelection.extensionOf(path), PLAIN);
    }

    String withoutComments(String text) {
        return this == PLAIN ? text : new Comments(syntax, text).removed();
    }
}

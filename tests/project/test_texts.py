"""The catalogue of texts against the code: each text is there, in every language, and used."""

import ast
import errno
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import Environment, nodes
from rdflib import RDF, Graph, Literal
from rdflib.namespace import DCTERMS

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import (
    LANGUAGES,
    area,
    message,
    read_in,
    translation,
    translations,
)
from gongkai.ontology.texts.system import system_error
from helpers.commands import ROOT

CATALOGUE = ROOT / "ontology" / "texts"
TEMPLATES = ROOT / "server" / "templates"

CHINESE = re.compile("[\u3400-\u9fff]")
ENGLISH = re.compile("[a-z]{3} [a-z]{2}")
FUNCTION_WORDS = (
    "and|are|as|at|be|by|cannot|for|from|has|have|if|in|is|it|its|more|must|no|nor|not|of|on|once|or"
    "|so|than|that|the|there|this|to|twice|was|were|where|which|why|with|without|you"
)
SENTENCE = re.compile(
    rf"(?<![\w-])(?=(?:[a-z]+ ){{0,2}}(?:{FUNCTION_WORDS})(?![\w-]))[a-z]+ [a-z]+ [a-z]+(?![\w-])"
)
"""Three words in a row, one of which only sentences have: lists of names have none."""

WORDS_OF_SOURCES = (
    "converters/cn/claims/",
    "converters/cn/forms/",
    "converters/cn/metadata/",
    "converters/cn/narrative.py",
    "converters/documents/aligned/sentences.py",
    "converters/documents/encoding.py",
    "converters/documents/html/images.py",
    "converters/documents/html/script.py",
    "converters/documents/marks.py",  # What stands between two readings in the text of a report.
    "converters/documents/pdf/",
    "converters/documents/scan/",
    "converters/documents/text/",
    "converters/documents/word/numbering.py",
    "converters/documents/workbook/",
    "converters/labels.py",
    "converters/numbers.py",
    "gongkai/fetching/attachments.py",
    "ontology/keys.py",
    "ontology/own_names.py",
    "ontology/places.py",
    "server/pages/quantities.py",  # A pattern of dates, as CLDR writes it.
    "server/pages/query_chart.py",
    "server/search/words.py",
    "server/store/probe.py",  # Text that a store must keep as it is.
)
"""Where Chinese in code is what is looked for in documents, and not shown."""

WORDS_OF_CODE = {
    "converters/documents/html/embedded.py": "XPath",
    "converters/documents/html/head.py": "a comment that browsers write",
    "converters/documents/scan/tones.py": "a key",
    "converters/uk/reader.py": "titles of reports, which are in the language of their country",
    "gongkai/checkout.py": "said where there may be no catalogue",
    "gongkai/commands/check_formats/turtle.py": "comments in a document, the same in every locale",
    "gongkai/commands/reference.py": "pages of the documentation, which is in English",
    "gongkai/linking/evidence.py": "evidence in a review file, the same in every locale",
    "gongkai/linking/review.py": "likewise",
    "server/http/metrics.py": "descriptions of metrics, for machines",
    "server/store/engine_process.py": "what engines print",
    "shapes/well_formed/__init__.py": "the words of the recommendation",
}
"""Modules that have sentences which are not in the catalogue, and why."""

FOR_PROGRAMMERS = {
    "AssertionError",
    "AttributeError",
    "IndexError",
    "KeyError",
    "LookupError",
    "NoPolicy",
    "NotImplementedError",
    "RuntimeError",
    "TypeError",
    "UnknownConstraint",
    "ValueError",
    "pdfium.PdfiumError",
}
"""Exceptions that no person is shown."""

SPEAKING = {"abort", "echo", "BadParameter", "ClickException", "UsageError"}
"""Functions and classes whose arguments are shown to people."""

SAID = {"help", "short_help", "epilog", "prompt", "description"}
"""Arguments that are shown to people."""

MORE_IN_CHINESE = {"metadata.area_by_source"}
"""Texts that name more in Chinese than in English."""

WRITTEN_SO = re.compile(r"gongkai[a-z -]*|--[a-z-]+ [a-z]+|\w+:\w+ true|“[^”]*”")
"""A command, an option, a setting, a quotation: they are the same in every language."""

NAMES = {"Atom", "CSV", "JSON", "LDES", "SHA-256", "SPARQL", "Turtle", "VoID", "XLSX", "data.json"}
"""Words that are the same in every language, and stand in templates as they are."""


@dataclass(frozen=True)
class Use:
    """A place that asks for a text: its key, or a pattern of keys, and the values it fills in."""

    where: str
    keys: re.Pattern[str]
    values: frozenset[str]


@cache
def catalogue() -> Mapping[str, Label]:
    areas = (area(file.stem) for file in CATALOGUE.glob("*.toml"))
    return {key: label for texts in areas for key, label in texts.items()}


@cache
def modules() -> Mapping[str, ast.Module]:
    """Every module of the package by its path in the project."""
    paths = [
        path
        for folder in ("gongkai", "converters", "ontology", "server", "shapes")
        for path in (ROOT / folder).rglob("*.py")
        if not any(parent.is_symlink() for parent in path.parents)
    ]
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in paths
    }


def used_in_code() -> Iterator[Use]:
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or path == "ontology/texts/__init__.py":
                continue
            name = ast.unparse(node.func)
            where = f"{path}:{node.lineno}"
            if name == "area":
                yield Use(where, re.compile(f"{ast.literal_eval(node.args[0])}\\..*"), frozenset())
            elif name in ("message", "translation", "translations"):
                values = frozenset(keyword.arg or "**" for keyword in node.keywords)
                for keys in patterns(node.args[0], where):
                    # The texts of templates are looked for in these.
                    if path != "server/pages/rendering.py":
                        yield Use(where, keys, values)


def patterns(node: ast.expr, where: str) -> Iterator[re.Pattern[str]]:
    """The keys that an argument may be, which must be told by the code itself."""
    match node:
        case ast.Constant(value=str(key)):
            yield re.compile(re.escape(key))
        case ast.IfExp(body=one, orelse=other):
            yield from (*patterns(one, where), *patterns(other, where))
        case ast.JoinedStr(values=parts):
            yield re.compile(
                "".join(
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[^.]+"
                    for part in parts
                )
            )
        case _:
            pytest.fail(f"{where}: the key of a text is written where the text is asked for")


def used_in_templates() -> Iterator[Use]:
    for path in sorted(TEMPLATES.glob("*.html")):
        for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                where = f"{path.name}:{call.lineno}"
                values = frozenset(keyword.key for keyword in call.kwargs)
                for keys in template_patterns(call.args[0], where):
                    yield Use(where, re.compile(rf"pages\.{keys}"), values)


def template_patterns(node: nodes.Expr, where: str) -> Iterator[str]:
    match node:
        case nodes.Const(value=str(name)):
            yield re.escape(name)
        case nodes.CondExpr(expr1=one, expr2=other) if other is not None:
            yield from (*template_patterns(one, where), *template_patterns(other, where))
        case nodes.Concat(nodes=[nodes.Const(value=str(start)), nodes.Name()]):
            yield re.escape(start) + r"\w+"
        case _:
            pytest.fail(f"{where}: the name of a text is written where the text is asked for")


def placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_every_text_is_there_in_every_language() -> None:
    for key, label in catalogue().items():
        assert tuple(label) == LANGUAGES, key
        assert all(text.strip() for text in label.values()), key
        if key not in MORE_IN_CHINESE:
            assert len({placeholders(text) for text in label.values()}) == 1, key


@cache
def counted() -> Mapping[str, Mapping[str, str]]:
    """The English texts with a number, by key: their forms by category."""
    tables = [
        (file.stem, tomllib.loads(file.read_text("utf-8"))) for file in CATALOGUE.glob("*.toml")
    ]
    found = {}
    while tables:
        key, table = tables.pop()
        if "zh" not in table:
            tables += [(f"{key}.{name}", part) for name, part in table.items()]
        elif "count" in placeholders(table["zh"]) or isinstance(table["en"], dict):
            found[key] = table["en"]
    return found


def test_english_texts_with_a_number_have_a_form_for_one() -> None:
    assert len(counted()) > 50
    for key, forms in counted().items():
        assert isinstance(forms, dict), f"{key}: {{count}} needs en.one and en.other"
        assert set(forms) in ({"one", "other"}, {"other"}, {"number", "one", "other"}), key
        number = forms.get("number", "count")
        texts = [text for name, text in forms.items() if name != "number"]
        assert all(number in placeholders(text) for text in texts), key
        if "one" not in forms:
            # The same words for any number, so no noun in the plural after it.
            assert not re.search(
                r"\{count\}( more)? (?!(by|in|of|with) )(\w+ )?\w{3,}s\b", forms["other"]
            ), key


@pytest.mark.parametrize("number", [0, 1, 2, 21, 1000])
def test_the_form_of_a_text_is_that_of_its_number(number: int) -> None:
    for key, forms in counted().items():
        wanted = forms.get("one", forms["other"]) if number == 1 else forms["other"]
        for count in (number, f"{number:,}"):
            named = forms.get("number", "count")
            if re.search(rf"\{{{named}:", wanted) and isinstance(count, str):
                continue  # Written out by the text itself.
            values = {name: name for name in placeholders(forms["other"])} | {named: count}
            assert translation(key, "en", **values) == wanted.format(**values), key


@pytest.mark.parametrize(
    ("seconds", "text"), [(1, "1 second:"), (1.0, "1 second:"), (1.5, "1.5 seconds:")]
)
def test_the_number_of_a_text_may_have_another_name(seconds: float, text: str) -> None:
    assert text in translation("store.timed_out", "en", seconds=seconds)


UNITS = r"\{\w+(:g)?\} (seconds|megabytes|bytes|characters|rows|lines|levels|elements)\b"


def test_english_units_have_a_form_for_one() -> None:
    for file in CATALOGUE.glob("*.toml"):
        for line in file.read_text("utf-8").splitlines():
            # In a form for other numbers, or as a second number of one.
            if line.startswith("en = "):
                assert not re.search(UNITS, line), f"{file.name}: needs en.one and en.other: {line}"


def test_an_area_or_text_that_is_not_there_is_said() -> None:
    with pytest.raises(LookupError, match="no area 'nowhere'"):
        translations("nowhere.text")
    with pytest.raises(LookupError):
        translations("pages.nowhere")


def test_texts_in_chinese_have_no_english_but_names() -> None:
    for key, label in catalogue().items():
        assert not ENGLISH.search(WRITTEN_SO.sub("", label["zh"])), key


def test_every_text_is_used_and_every_use_has_a_text() -> None:
    unused = set(catalogue())
    for use in (*used_in_code(), *used_in_templates()):
        keys = {key for key in catalogue() if use.keys.fullmatch(key)}
        assert keys, f"{use.where}: there is no text {use.keys.pattern}"
        unused -= keys
        for key in keys:
            wanted = frozenset[str]().union(*map(placeholders, catalogue()[key].values()))
            assert "**" in use.values or use.values == wanted, f"{use.where}: {key}"
    assert unused == set(), "texts that nothing shows"


def spoken_in(tree: ast.AST) -> Iterator[ast.AST]:
    """What is said to people in words written in the code: errors, output, help."""
    for node in ast.walk(tree):
        match node:
            # Python's own exceptions are for programmers.
            case ast.Raise(exc=ast.Call(func=error) as call):
                if ast.unparse(error) not in FOR_PROGRAMMERS:
                    yield from filter(has_words, call.args)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                if name in SPEAKING:
                    yield from filter(has_words, node.args)
                yield from (
                    keyword.value
                    for keyword in node.keywords
                    if keyword.arg in SAID and has_words(keyword.value)
                )
            case ast.FunctionDef(decorator_list=decorators) if ast.get_docstring(node):
                # The docstring of a command is its help.
                yield from (
                    one
                    for one in decorators
                    if isinstance(one, ast.Call)
                    and ast.unparse(one.func).rpartition(".")[2] in ("command", "group")
                    and not any(keyword.arg == "help" for keyword in one.keywords)
                )


def has_words(node: ast.expr) -> bool:
    """Whether a text that is written out has words."""
    match node:
        case ast.JoinedStr(values=parts):
            text = " ".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        case ast.BinOp(left=left, right=right):
            return has_words(left) or has_words(right)
        case ast.IfExp(body=one, orelse=other):
            return has_words(one) or has_words(other)
        case ast.Constant(value=str(text)):
            pass
        case _:
            return False
    return ENGLISH.search(text) is not None


def test_what_is_said_to_people_is_in_the_catalogue() -> None:
    found = {
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, tree in modules().items()
        if not path.startswith(tuple(WORDS_OF_CODE))
        for node in spoken_in(tree)
    }
    assert found == set()


def sentences_in(node: ast.AST) -> Iterator[ast.expr]:
    """Texts that have sentences, wherever they stand: a message may be returned or stored.

    Not those of docstrings, of assertions, of exceptions for programmers, and of the log.
    """
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Assert(test=test):
            yield from sentences_in(test)
        case ast.Raise(exc=ast.Call(func=error)) if ast.unparse(error) in FOR_PROGRAMMERS:
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="LOG"))):
            return
        case ast.JoinedStr(values=parts):
            written = [
                str(part.value) if isinstance(part, ast.Constant) else "\n" for part in parts
            ]
            if SENTENCE.search("".join(written)):
                yield node
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    yield from sentences_in(part)
        case ast.Constant(value=str(text)):
            if SENTENCE.search(text):
                yield node
        case _:
            for below in ast.iter_child_nodes(node):
                yield from sentences_in(below)


def test_no_sentence_is_written_in_code() -> None:
    found = {
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if not path.startswith(tuple(WORDS_OF_CODE))
        for node in sentences_in(tree)
    }
    assert found == set(), "messages belong to the catalogue"
    for place in WORDS_OF_CODE:
        assert any(
            path.startswith(place) and any(sentences_in(tree)) for path, tree in modules().items()
        ), f"{place} has no sentences any more"


def chinese_in(tree: ast.AST) -> Iterator[ast.Constant]:
    """Literal texts with Chinese, except docstrings."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if CHINESE.search(text) and id(node) not in told:
                yield node


def labels_in(tree: ast.AST) -> Iterator[ast.Dict]:
    """Labels that are written out: dicts by language with Chinese text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            by_key = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if "zh" in by_key and any(chinese_in(by_key["zh"])):
                yield node


def pairs_in(tree: ast.AST) -> Iterator[ast.Tuple]:
    """Tuples with a text in Chinese and one in English."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple):
            texts = [
                "".join(
                    part.value
                    for part in ast.walk(item)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
                for item in node.elts
                if isinstance(item, ast.Constant | ast.JoinedStr)
            ]
            chinese = [text for text in texts if CHINESE.search(text)]
            if chinese and any(ENGLISH.search(text) for text in texts if text not in chinese):
                yield node


def test_no_text_in_two_languages_is_written_in_code() -> None:
    for path, tree in modules().items():
        found = [f"{path}:{node.lineno}" for node in (*labels_in(tree), *pairs_in(tree))]
        assert found == [], "texts belong to the catalogue"


def test_chinese_in_code_is_that_of_documents() -> None:
    found = {path for path, tree in modules().items() if any(chinese_in(tree))}
    assert {path for path in found if not path.startswith(WORDS_OF_SOURCES)} == set()
    for place in WORDS_OF_SOURCES:
        assert any(path.startswith(place) for path in found), f"{place} has no Chinese any more"


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_templates_have_no_words_of_their_own(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not CHINESE.search(source)
    html = "".join(
        text if kind == "data" else " "
        for _, kind, text in Environment().lex(source)
        if kind in ("data", "variable_begin", "block_begin")
    )
    html = re.sub(r"<(pre|code)\b.*?</\1>", " ", html, flags=re.S)
    attributes = re.findall(r'\b(?:alt|aria-label|placeholder|title)="([^"]*)"', html)
    words = " ".join((*attributes, re.sub(r"<[^>]*>", " ", html))).split()
    assert {word for word in words if re.search("[A-Za-z]{2}", word)} <= NAMES


@pytest.mark.parametrize("folder", ["shapes", "server"])
def test_statements_are_made_in_every_language(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.ttl"):
        graph = Graph().parse(path, publicID="http://localhost:8000/")
        for subject, link in set(graph.subject_predicates(unique=True)):
            texts = [text for text in graph.objects(subject, link) if isinstance(text, Literal)]
            languages = {text.language for text in texts if text.language}
            # Standards have one name.
            if languages and (subject, RDF.type, DCTERMS.Standard) not in graph:
                assert languages == set(LANGUAGES), (path.name, subject, link)


def test_example_queries_ask_in_every_language() -> None:
    for path in (ROOT / "server" / "examples").glob("*.rq"):
        heads = path.read_text(encoding="utf-8").splitlines()[: len(LANGUAGES)]
        assert [head[:6] for head in heads] == [f"# {language}: " for language in LANGUAGES]


def test_tables_name_their_rows_in_every_language() -> None:
    table = tomllib.loads((ROOT / "server" / "reconciliation" / "schema.toml").read_text("utf-8"))
    for row in (*table["types"], *table["properties"]):
        assert all(row[language] for language in LANGUAGES), row["id"]


def test_values_are_filled_in_by_language() -> None:
    inner = translations("pages.home")
    filled = translations("pages.printed_as", text=inner)
    assert filled == {"zh": "原文“首页”", "en": "printed “Home”"}
    assert translation("pages.printed_as", "en", text="{a}") == "printed “{a}”"
    with pytest.raises(KeyError):
        translation("pages.printed_as", "en")
    with pytest.raises(KeyError):
        translation("pages.no_such_text", "en")


@pytest.mark.parametrize("name", [key.partition(".")[2] for key in area("system")])
def test_the_system_is_quoted_in_every_language(name: str) -> None:
    error = OSError(getattr(errno, name), os.strerror(getattr(errno, name)))
    said = system_error(error)
    assert said["en"] == error.strerror and CHINESE.search(said["zh"])
    assert set(system_error(OSError(0, "something else")).values()) == {"something else"}


@pytest.mark.parametrize(
    ("set_", "text"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "首页"),
        ({"LC_ALL": "zh_TW"}, "首页"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "Home"),
        ({"LANG": "de_DE.UTF-8"}, "Home"),
        ({}, "Home"),
    ],
)
def test_messages_are_in_the_language_of_the_locale(
    set_: dict[str, str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_.items():
        monkeypatch.setenv(name, value)
    assert message("pages.home") == text
    with read_in("zh"):
        assert message("pages.home") == "首页"
    assert message("pages.home") == text

"""What stores say is in the language of whoever reads it, also from the process of an engine."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.ontology.texts import LANGUAGES, read_in
from gongkai.ontology.texts.errors import TranslatedError
from gongkai.server.settings import BadSettings
from gongkai.server.store import (
    NotInFormat,
    QueryCrashed,
    QueryRefused,
    QueryTimedOut,
    StoreError,
)
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_folder import stored_base
from gongkai.server.store.embedded_writer import writing
from gongkai.server.store.query_text import (
    DEEPEST_NESTING,
    LONGEST_QUERY,
    refuse_if_special,
    refuse_if_too_large,
)
from gongkai.server.store.services import refuse_if_service, refuse_services
from gongkai.server.store.xml import well_formed
from gongkai.server.store_location import base_of, location_of
from helpers.commands import BASE
from helpers.languages import is_chinese

ERRORS = (BadSettings, NotInFormat, QueryCrashed, QueryRefused, QueryTimedOut, StoreError)

SERVICE = "SELECT * { SERVICE <http://other.example/sparql> { ?s ?p ?o } }"


def assert_said_in_each(call: Callable[[], object], *names: object) -> None:
    """The error is in the language of its reader, and one raised for another can be read in it."""
    said = {}
    for language in LANGUAGES:
        with read_in(language), pytest.raises(ERRORS) as raised:
            call()
        with read_in(language):
            said[language] = str(raised.value)
        if isinstance(raised.value, TranslatedError):
            assert raised.value.label[language] == said[language]
    assert is_chinese(said["zh"], *names)
    assert not is_chinese(said["en"], *names)
    if isinstance(raised.value, TranslatedError):
        assert raised.value.label == said


@pytest.mark.parametrize(
    "refuse",
    [
        lambda: refuse_if_too_large("#" * (LONGEST_QUERY + 1)),
        lambda: refuse_if_too_large("CLEAR ALL"),
        lambda: refuse_if_too_large("SELECT * " + "{" * (DEEPEST_NESTING + 1)),
        lambda: refuse_if_special("DEFINE input:inference 'x' SELECT * { ?s ?p ?o }"),
        lambda: refuse_if_special("SELECT (bif:f(1) AS ?x) { }"),
        lambda: refuse_if_service(SERVICE),
        lambda: refuse_services(SERVICE),
        lambda: refuse_services(SERVICE, ["http://a.example/", "http://b.example/"]),
        lambda: refuse_services("SELECT * { ?s <a#b> ?o }"),
        lambda: refuse_services(r"SELECT * { ?s ?p \u0022 }"),
        lambda: well_formed(b"<a>\x01</a>"),
        lambda: well_formed(b'<oxprefix: xmlns:oxprefix="http://a.example/1">'),
        lambda: well_formed(b"<rdf:bagID >"),
        lambda: well_formed('<b xmlns="http://a.example/é">'.encode()),
        lambda: location_of("http://user:password@a.example/sparql"),
    ],
)
def test_what_is_refused_is_said_in_the_language_of_the_reader(
    refuse: Callable[[], object],
) -> None:
    assert_said_in_each(refuse)


def _make_other_files(folder: Path) -> None:
    folder.mkdir()
    (folder / "letter").touch()


def _make_marker(content: object) -> Callable[[Path], object]:
    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / "store.json").write_text(json.dumps(content), encoding="utf-8")

    return make


@pytest.mark.parametrize(
    "make",
    [
        Path.touch,
        _make_other_files,
        _make_marker({}),
        _make_marker({"format": 0, "base": BASE}),
    ],
)
def test_what_is_wrong_with_a_folder_is_said_in_the_language_of_the_reader(
    make: Callable[[Path], object], tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    make(folder)
    assert_said_in_each(lambda: stored_base(folder), tmp_path)


def test_what_a_store_lacks_is_said_in_the_language_of_the_reader(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    assert_said_in_each(lambda: base_of(folder), folder)
    assert_said_in_each(lambda: EmbeddedReader(folder), folder, "gongkai publish", " --store")
    with writing(folder, BASE):
        assert_said_in_each(lambda: writing(folder, BASE).__enter__(), folder)
        assert_said_in_each(lambda: writing(folder, BASE + "other/").__enter__(), folder)


def test_engines_answer_in_the_language_of_the_reader(store: EmbeddedReader) -> None:
    assert_said_in_each(lambda: store.query("SELECT"))
    assert_said_in_each(lambda: store.query('SELECT ("\\u0001" AS ?x) { }', results="xml"))
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    assert_said_in_each(lambda: store.query(endless, seconds=0.1))

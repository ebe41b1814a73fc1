"""How the index of texts is made and renewed (tantivy), by the publisher or by the server.

It holds no text, only which words are where; the text of results is read from the store. Chinese is
indexed in pairs of characters with their positions: a word is a phrase of pairs, so what is found
is what a scan of the texts would find, without looking at them again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import tantivy

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message
from gongkai.server.derived import DamagedIndex, DerivedIndex
from gongkai.server.derived.folders import share
from gongkai.server.queries.rows import rows, rows_about
from gongkai.server.search.words import words
from gongkai.server.store import Store

Kind = Literal["body", "report", "passage"]
KINDS: tuple[Kind, ...] = ("body", "report", "passage")

URI, OWNER = "uri", "owner"
"""The field with the URI of a place, and that of the report or body by which it is replaced."""

_WORDS = "words"
_AT_ONCE = 200
_MEMORY = 32_000_000
"""Bytes that the writer collects before it writes a segment."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(URI, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(OWNER, tokenizer_name="raw", index_option="basic")
    for kind in KINDS:
        builder.add_text_field(kind, tokenizer_name=_WORDS, index_option="position")
    return builder.build()


SCHEMA = _schema()


def open_texts(folder: Path) -> tantivy.Index:
    """Open an index of texts; raises DamagedIndex if it cannot be read."""
    with damage_told():
        index = tantivy.Index.open(str(folder))
        register_words(index)
        # Its files do not change: nothing has to watch them.
        index.config_reader("manual")
        return index


def register_words(index: tantivy.Index) -> None:
    """Let an index divide texts into words where they have spaces."""
    # Words are ours (``words``): they come with spaces between them.
    spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_WORDS, spaces)


@contextmanager
def damage_told() -> Iterator[None]:
    """Raise DamagedIndex for what the library raises, or panics with, on files it cannot read."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise DamagedIndex(str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedIndex(str(error)) from None


def _make(folder: Path, store: Store) -> None:
    index = tantivy.Index(SCHEMA, path=str(folder))
    register_words(index)
    reports = [row["report"] for row in rows(store, "catalog-reports", store.base)]
    _write(index, store, reports, None)


def _renew(folder: Path, store: Store, old: Path, changed: frozenset[str]) -> None:
    addresses = Addresses(store.base)
    if str(addresses.vocabulary) in changed:
        raise DamagedIndex(message("store.derived.register_changed"))
    share(old, folder)
    reports = {name for name in changed if addresses.report_key(name)}
    prefix = f"{store.base}id/body/"
    bodies = {name for name in changed if name.startswith(prefix)}
    # The names of a body are in the documents of its reports.
    found = rows_about(store, "search-reports-of-bodies", sorted(bodies))
    bodies |= {prefix + key[0] for name in reports if (key := addresses.report_key(name))}
    reports |= {row["report"] for row in found}
    if reports or bodies:
        index = open_texts(folder)
        with damage_told():
            _write(index, store, sorted(reports), bodies)


def _write(
    index: tantivy.Index, store: Store, reports: Sequence[str], bodies: set[str] | None
) -> None:
    """Write the documents of reports and bodies anew.

    Without ``bodies``, the index is empty, and all bodies of the reports are written.
    """
    # One thread: the same reports make the same files.
    writer = index.writer(_MEMORY, 1)
    written: set[str] = set()
    for start in range(0, len(reports), _AT_ONCE):
        part = reports[start : start + _AT_ONCE]
        said = rows_about(store, "search-reports", part)
        names = _names(store, {row["body"] for row in said})
        if bodies is not None:
            _delete(writer, part)
        else:
            new = names.keys() - written
            add(writer, "body", ((body, body, "\n".join(names[body])) for body in sorted(new)))
            written |= new
        _add_reports(writer, store, said, names)
    if bodies is not None:
        _delete(writer, bodies)
        called = _names(store, bodies)
        add(writer, "body", ((body, body, "\n".join(called[body])) for body in sorted(called)))
    writer.commit()
    writer.wait_merging_threads()


def _add_reports(
    writer: tantivy.IndexWriter,
    store: Store,
    reports: Sequence[dict[str, str]],
    names: dict[str, list[str]],
) -> None:
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in reports:
        # In every language in which its body has a name.
        texts[row["report"], row["report"]] += [row["year"], *names.get(row["body"], ())]
    for row in rows_about(store, "search-texts", sorted({row["report"] for row in reports})):
        texts[row["report"], row["place"]] += [row.get("title", ""), row.get("text", "")]
    for kind in ("report", "passage"):
        found = (
            (report, place, "\n".join(said))
            for (report, place), said in sorted(texts.items())
            if (place == report) == (kind == "report")
        )
        add(writer, kind, found)


def _names(store: Store, bodies: Iterable[str]) -> dict[str, list[str]]:
    """All names of bodies that report, sorted."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows_about(store, "search-bodies", sorted(bodies)):
        found[row["body"]].append(row["name"])
    return {body: sorted(called) for body, called in found.items()}


def _delete(writer: tantivy.IndexWriter, owners: Iterable[str]) -> None:
    for owner in owners:
        writer.delete_documents_by_term(OWNER, owner)


def add(writer: tantivy.IndexWriter, kind: str, found: Iterable[tuple[str, str, str]]) -> None:
    """Add documents of one kind: owner, URI and text."""
    for owner, uri, text in found:
        document = tantivy.Document()
        document.add_text(OWNER, owner)
        document.add_text(URI, uri)
        document.add_text(kind, " ".join(words(text)))
        writer.add_document(document)


TEXTS = DerivedIndex("texts", 1, _make, _renew, of_reports=True)

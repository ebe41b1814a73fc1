"""The index of texts: what is found is what a scan of the texts would find."""

from collections.abc import Sequence

import tantivy
from hypothesis import given
from hypothesis import strategies as st

from gongkai.server.app import create_app
from gongkai.server.queries.rows import rows_of
from gongkai.server.search.index import SEARCH_INDEX, query_of
from gongkai.server.search.making import KINDS, SCHEMA, URI, add, register_words
from gongkai.server.search.words import folded, is_chinese, terms, words
from gongkai.server.store.embedded import EmbeddedReader

few = st.text(st.sampled_from("政府信息公开复议 ，。\nＡab12é"), max_size=40)
anything = st.text(max_size=40)

TEXTS = """
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?place ?title ?text WHERE {
  ?place dcterms:isPartOf ?report ; a <http://localhost:8000/def#Section> .
  OPTIONAL { ?place dcterms:title ?title }
  OPTIONAL { ?place <http://localhost:8000/def#text> ?text }
}
"""


def found_by_scanning(text: str, wanted: str) -> bool:
    """Whether a text has every term: Chinese anywhere, else as a word, the last one's beginning."""
    sought, said = terms(wanted), words(text)
    for term in sought:
        if is_chinese(term):
            if term not in folded(text):
                return False
        elif not any(
            word == term or (term == sought[-1] and word.startswith(term)) for word in said
        ):
            return False
    return bool(sought)


def found_by_index(texts: Sequence[str], wanted: str) -> set[int]:
    index = tantivy.Index(SCHEMA)
    register_words(index)
    writer = index.writer(15_000_000, 1)
    add(writer, "passage", (("", str(number), text) for number, text in enumerate(texts)))
    writer.commit()
    index.reload()
    query = query_of(wanted, "passage")
    if query is None:
        return set()
    searcher = index.searcher()
    hits = searcher.search(query, len(texts) or 1).hits
    return {int(str(searcher.doc(place)[URI][0])) for _, place in hits}


@given(st.lists(few, min_size=1, max_size=4), few)
def test_hits_are_those_of_a_scan(texts: list[str], wanted: str) -> None:
    by_scan = {number for number, text in enumerate(texts) if found_by_scanning(text, wanted)}
    assert found_by_index(texts, wanted) == by_scan


@given(st.lists(anything, min_size=1, max_size=3), anything)
def test_no_text_and_no_search_is_an_error(texts: list[str], wanted: str) -> None:
    by_scan = {number for number, text in enumerate(texts) if found_by_scanning(text, wanted)}
    assert found_by_index(texts, wanted) == by_scan


def test_every_word_of_published_texts_is_found_where_a_scan_finds_it(
    store: EmbeddedReader,
) -> None:
    index = SEARCH_INDEX.of(create_app(store))
    index.renew(60)
    texts = {
        row["place"]: f"{row.get('title', '')}\n{row.get('text', '')}"
        for row in rows_of(store, TEXTS)
    }
    whole = folded("".join(texts.values()))
    starts = range(0, len(whole), 41)
    wanted = {whole[start : start + size] for start in starts for size in (1, 2, 3, 4, 9)}
    assert len(wanted) > 100
    for word in wanted:
        found = index.find(word, "passage", 1000)
        by_scan = {place for place, text in texts.items() if found_by_scanning(text, word)}
        assert set(found.places) == by_scan
        assert found.count == len(by_scan) == len(found.places)
        assert found.current


def test_pages_of_results_are_parts_of_one_order(store: EmbeddedReader) -> None:
    index = SEARCH_INDEX.of(create_app(store))
    index.renew(60)
    whole = index.find("公开", "passage", 100).places
    parts = [index.find("公开", "passage", 3, start).places for start in range(0, len(whole), 3)]
    assert [place for part in parts for place in part] == list(whole) and len(whole) > 6
    for most, start in ((0, 0), (3, -1), (3, 10**12), (3, 10**30)):
        beyond = index.find("公开", "passage", most, start)
        assert (beyond.places, beyond.count) == ((), len(whole))


def test_kinds_do_not_mix(store: EmbeddedReader) -> None:
    index = SEARCH_INDEX.of(create_app(store))
    index.renew(60)
    found = {kind: index.find("人力资源和社会保障部", kind, 100).places for kind in KINDS}
    assert [place.rpartition("/")[2] for place in found["body"]] == ["mohrss"]
    assert [place.rpartition("/")[2] for place in found["report"]] == ["2019"]
    assert all("#" in place for place in found["passage"])

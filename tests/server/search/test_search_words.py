"""Words of texts: any two neighbouring Chinese signs are found, without a dictionary."""

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from gongkai.server.pages.search import snippet
from gongkai.server.search.words import match_expression, terms, words

han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30)
anything = st.text(max_size=60)


def finds(text: str, wanted: str) -> bool:
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE VIRTUAL TABLE text USING fts5(words, content='')")
        database.execute("INSERT INTO text (rowid, words) VALUES (1, ?)", (" ".join(words(text)),))
        expression = match_expression(wanted)
        if not expression:
            return False
        found = database.execute("SELECT rowid FROM text WHERE text MATCH ?", (expression,))
        return found.fetchone() is not None
    finally:
        database.close()


@given(anything, han, anything, st.data())
def test_every_part_of_a_run_of_signs_is_found(
    before: str, run: str, after: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert finds(before + run + after, run[start:end])


@given(han, han)
def test_what_is_not_there_is_not_found(text: str, wanted: str) -> None:
    assert finds(text, wanted) == (wanted in text)


@given(anything, anything)
def test_no_search_is_an_error(text: str, wanted: str) -> None:
    finds(text, wanted)


@given(anything)
def test_a_text_is_found_by_itself(text: str) -> None:
    # A search has at most twenty terms; all of them are there.
    assert finds(text, text) == bool(terms(text))


def test_words_by_example() -> None:
    assert words("行政复议12起") == ["行政", "政复", "复议", "议", "12", "起"]
    assert words("ＦＯＩ Act's 公开") == ["foi", "act", "s", "公开", "开"]
    assert terms("复议 复议 FOI foi") == ["复议", "foi"]
    assert finds("Ministry of Finance", "FIN") and not finds("Ministry of Finance", "inance")
    assert finds("依申请公开", "申请 公开") and not finds("依申请公开", "请申")


@given(anything, st.lists(han, max_size=3))
def test_a_snippet_is_a_part_of_the_text(text: str, wanted: list[str]) -> None:
    pieces = snippet(text, wanted)
    shown = "".join(piece for piece, _ in pieces)
    assert shown.strip("…") in text
    for piece, marked in pieces:
        assert not marked or piece.casefold() in [one.casefold() for one in wanted]

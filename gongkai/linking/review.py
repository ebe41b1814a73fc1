"""The review file: a table of candidates that people decide on in a spreadsheet.

One row for each candidate of each entity, and one without a candidate for an entity that has none
or was not searched for. A decision is in the columns ``decision`` and ``reviewer``, and nowhere
else. CSV, or TSV if the file name ends so; UTF-8 with a byte order mark, by which spreadsheets
recognise it.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from gongkai.linking.candidates import FoundCandidates, NotAsked
from gongkai.linking.entities import Name
from gongkai.linking.evidence import JudgedCandidate
from gongkai.ontology.texts import message
from gongkai.ontology.texts.system import system_error
from gongkai.whole_file import write_whole

_LANGUAGE = "en"
"""The language of what the file says: it is the same in every locale, and published with links."""

NO_CANDIDATE = "no candidate"
NOT_ASKED = "not asked: "
NOTHING_TO_ASK = "nothing to ask by: no identifier, and no name in a language of the endpoint"

_NEEDED = ("subject", "candidate", "decision", "reviewer")
_DIGITS = 12
_BETWEEN = " | "
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would run as a formula, also with the quotation mark that guards it."""

_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_NAME = re.compile(r"(.*)@([A-Za-z]+(?:-[A-Za-z0-9]+)*)", re.DOTALL)


class BadReview(ValueError):
    """A review file that cannot be used; the message says where and why."""


@dataclass(frozen=True)
class ReviewRow:
    """A row of the file; its fields are the columns in their order.

    ``asked`` has the endpoint, the profile, the version of gongkai and the time, separated by
    blanks. ``row`` is a digest of the endpoint's data: if it differs, a person changed the data,
    and score and evidence are no longer those of the candidate.
    """

    kind: str = ""
    subject: str = ""
    names: str = ""
    candidate: str = ""
    candidate_names: str = ""
    score: str = ""
    evidence: str = ""
    suggested: str = ""
    decision: str = ""
    reviewer: str = ""
    note: str = ""
    asked: str = ""
    row: str = ""

    @property
    def decided(self) -> bool:
        """Whether a person wrote something that must be kept."""
        return bool(self.decision.strip() or self.reviewer.strip() or self.note.strip())

    @property
    def digest(self) -> str:
        """The value of ``row`` if nobody changed the endpoint's data."""
        score = plain_score(self.score) or self.score
        parts = (
            self.subject,
            self.candidate,
            self.candidate_names,
            score,
            self.evidence,
            self.asked,
        )
        content = "\n".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.sha256(content).hexdigest()[:_DIGITS]

    @property
    def untouched(self) -> bool:
        """Whether score, evidence and names are still those that the endpoint's data gave."""
        return self.row.strip().lower() == self.digest


COLUMNS = tuple(field.name for field in fields(ReviewRow))


def rows_of(
    found: FoundCandidates | NotAsked, judgements: Sequence[JudgedCandidate], source: str
) -> Iterable[ReviewRow]:
    """The rows on an entity; ``source`` is the endpoint, the profile and the version."""
    entity = found.entity
    row = ReviewRow(kind=entity.kind, subject=entity.uri, names=_named(entity.names))
    if isinstance(found, NotAsked):
        yield replace(row, evidence=NOT_ASKED + found.reason[_LANGUAGE])
        return
    if found.asked is None:
        yield replace(row, evidence=NOTHING_TO_ASK)
        return
    row = replace(row, asked=f"{source} {found.asked:%Y-%m-%dT%H:%M:%SZ}")
    if not judgements:
        yield replace(row, evidence=NO_CANDIDATE)
    for judgement in judgements:
        candidate = judgement.candidate
        filled = replace(
            row,
            candidate=candidate.uri,
            candidate_names=_named(dict.fromkeys([*candidate.labels, *candidate.aliases])),
            score=f"{judgement.score:.2f}",
            evidence=_one_line("; ".join(judgement.evidence)),
            suggested=judgement.suggested,
        )
        yield replace(filled, row=filled.digest)


def plain_score(text: str) -> str:
    """A score with two decimals, however a spreadsheet wrote it (0.9, 0,90); empty if none."""
    try:
        score = Decimal(text.strip().replace(",", "."))
        return f"{score:.2f}" if 0 <= score <= 1 else ""
    except InvalidOperation:
        return ""


def names_in(text: str) -> tuple[Name, ...]:
    """The names in a cell, with their languages."""
    matches = (_NAME.fullmatch(part) for part in text.split(_BETWEEN))
    return tuple((match[1], match[2].lower()) for match in matches if match)


def with_decisions(rows: Iterable[ReviewRow], before: Iterable[ReviewRow]) -> list[ReviewRow]:
    """The new rows, with what people wrote into the rows that they replace.

    A row with a decision stays, whether or not the endpoint still returns it.
    """
    decided = {}
    for row in before:
        if row.decided:
            decided[row.subject, row.candidate] = row
    merged = []
    for row in rows:
        known = decided.pop((row.subject, row.candidate), None)
        if known is not None:
            row = replace(row, decision=known.decision, reviewer=known.reviewer, note=known.note)
        merged.append(row)
    return merged + list(decided.values())


def write_review(path: Path, rows: Iterable[ReviewRow]) -> None:
    """Write the file, completely or not at all; raises OSError."""
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_guarded(getattr(row, name)) for name in COLUMNS])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, output.getvalue().encode("utf-8-sig", "replace"))


def read_review(path: Path) -> list[tuple[int, ReviewRow]]:
    """The rows of a file, each with the number of its line; raises BadReview.

    Columns may be separated by commas, semicolons or tabs, and be in any order.
    """
    text = _text(path)
    head = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        lacking = [name for name in _NEEDED if name not in names]
        if lacking:
            joined = {"zh": "、".join(lacking), "en": " nor ".join(lacking)}
            raise BadReview(message("linking.review.no_columns", file=path, columns=joined))
        reader.fieldnames = names
        rows = []
        for cells in reader:
            said = {name: _unguarded(cells.get(name) or "") for name in COLUMNS}
            if any(text.strip() for text in said.values()):
                rows.append((reader.line_num, ReviewRow(**said)))
    except csv.Error as error:
        raise BadReview(
            message("linking.review.no_table", file=path, line=reader.line_num, error=error)
        ) from None
    return rows


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadReview(
            message("linking.review.not_read", file=path, reason=system_error(error))
        ) from None
    # The format that spreadsheets call Unicode text is UTF-16.
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        raise BadReview(message("linking.review.not_utf8", file=path)) from None


def _named(names: Iterable[Name]) -> str:
    return _BETWEEN.join(
        f"{_one_line(text).replace('|', '/')}@{language}" if language else _one_line(text)
        for text, language in names
    )


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text

"""The periods of reports: calendar years, fiscal years of other countries, quarters.

W3C, Time Ontology in OWL (2017): a period is a proper interval with a beginning and an end. Fiscal
years and quarters have names of their own, so that no number of one is taken for one of another.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.ontology.texts import translations

_REFERENCE = "http://reference.data.gov.uk/id"


@dataclass(frozen=True)
class Period:
    """A period: ``path`` is its name under ``id/``, ``key`` the end of the paths of tables.

    ``begin`` and ``end`` are its first and its last day, ``year`` the year by which it is denoted,
    ``labels`` its name by language, ``kind`` its class in the ontology of intervals (the last part
    of its IRI; empty where there is none), ``same`` the IRI of the interval elsewhere.
    """

    path: str
    key: str
    begin: date
    end: date
    year: int
    labels: dict[str, str]
    kind: str
    same: str


def calendar_year(year: int) -> Period:
    """A calendar year."""
    return Period(
        f"year/{year}",
        str(year),
        date(year, 1, 1),
        date(year, 12, 31),
        year,
        translations("titles.year", year=year),
        "CalendarYear",
        f"{_REFERENCE}/year/{year}",
    )


def us_fiscal_year(year: int) -> Period:
    """A fiscal year of the United States: from October of the year before to September.

    31 U.S.C. § 1102.
    """
    begin = date(year - 1, 10, 1)
    return Period(
        f"year/us-{year}",
        str(year),
        begin,
        date(year, 9, 30),
        year,
        translations("titles.us_fiscal_year", year=year),
        "",
        f"{_REFERENCE}/gregorian-interval/{begin.isoformat()}T00:00:00/P1Y",
    )


def quarter(year: int, number: int) -> Period:
    """A quarter of a calendar year, counted from 1."""
    begin = date(year, 3 * number - 2, 1)
    following = date(year + number // 4, 3 * number % 12 + 1, 1)
    return Period(
        f"quarter/{year}-Q{number}",
        f"{year}-Q{number}",
        begin,
        following - timedelta(days=1),
        year,
        translations(f"titles.quarter.{number}", year=year),
        "CalendarQuarter",
        f"{_REFERENCE}/quarter/{year}-Q{number}",
    )

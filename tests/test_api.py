"""What programs use: gongkai.convert, check, open_store, publish."""

from collections.abc import Mapping
from pathlib import Path

import pytest

import gongkai
from gongkai.ontology.addresses import Addresses
from gongkai.publishing import content
from gongkai.publishing.content import process_to_publish
from gongkai.publishing.standing import Standing
from gongkai.server.store import StoreError
from helpers.broken_reports import two_years
from helpers.commands import BASE, SAMPLE


def test_read_check_publish(tmp_path: Path) -> None:
    (converted,) = gongkai.convert(SAMPLE)
    (checked,) = gongkai.check(str(SAMPLE))
    assert converted.graph and checked.graph and checked.counts and not converted.counts
    with gongkai.open_store(tmp_path / "store") as store:
        assert gongkai.publish(store, checked).standing is Standing.NEW
        assert gongkai.publish(store, checked).standing is Standing.UNCHANGED
        assert store.graph(f"{BASE}id/report/mohrss/2019")


def test_years_are_compared_in_the_transaction_of_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report on the year after has no moment without the verdict that is true of it."""
    (last,), (this,) = map(gongkai.check, two_years(tmp_path))
    assert last.body_and_year is not None and this.body_and_year is not None
    validation = str(Addresses(BASE).validation(*this.body_and_year))
    with gongkai.open_store(tmp_path / "store") as store:
        gongkai.publish(store, this)
        alone = store.graph(validation)
        written: list[set[str]] = []
        replace = store.replace

        def noted(graphs: Mapping[str, bytes]) -> None:
            written.append(set(graphs))
            replace(graphs)

        monkeypatch.setattr(store, "replace", noted)
        published = gongkai.publish(store, last)
        assert {finding.rule for finding in published.next_year} == {"carry-over"}
        assert store.graph(validation) != alone
        (graphs,) = written
        assert validation in graphs and str(Addresses(BASE).report(*last.body_and_year)) in graphs


def test_a_worker_prepares_what_publishing_would_make_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that writes makes nothing that depends on the report alone."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    (checked,) = gongkai.check(SAMPLE)
    (prepared,) = process_to_publish(SAMPLE, BASE)
    with (
        gongkai.open_store(tmp_path / "one") as one,
        gongkai.open_store(tmp_path / "other") as other,
    ):
        gongkai.publish(one, checked)
        monkeypatch.delattr(content, "content_of")
        assert gongkai.publish(other, prepared).standing is Standing.NEW
        # The vocabulary and the rules have blank nodes, whose names differ from store to store.
        names = [name for name in one.graph_names() if name.startswith(f"{BASE}id/")]
        assert {f"{BASE}id/{kind}/mohrss/2019" for kind in ("report", "history")} <= set(names)
        for name in names:
            assert one.graph(name) == other.graph(name), name
    with gongkai.open_store(tmp_path / "third") as third, pytest.raises(NameError):
        gongkai.publish(third, checked)


def test_bad_input_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    (outcome,) = gongkai.convert(tmp_path / "empty.pdf")
    assert outcome.error is not None and outcome.report is None
    with gongkai.open_store(tmp_path / "store") as store:
        assert gongkai.publish(store, outcome).standing is Standing.REFUSED
    with (
        pytest.raises(StoreError),
        gongkai.open_store(tmp_path / "store", base="http://a.example/"),
    ):
        pass
    with pytest.raises(AttributeError):
        gongkai.nothing_of_the_kind  # noqa: B018

"""``gongkai sync``: a folder or a list of addresses, night after night."""

from pathlib import Path

from helpers.commands import SAMPLE, gongkai


def test_a_folder_is_published_once(tmp_path: Path) -> None:
    folder, store = tmp_path / "reports", tmp_path / "store"
    folder.mkdir()
    (folder / "report.txt").write_bytes(SAMPLE.read_bytes())
    for standing in ("new", "unchanged"):
        report = tmp_path / "run.json"
        done = gongkai("sync", folder, "--store", store, "--", "--report", report)
        assert (done.exit_code, done.stdout) == (0, ""), done.output
        assert f'"standing": "{standing}"' in report.read_text(encoding="utf-8")
    assert "mohrss/2019" in gongkai("history", "mohrss/2019", "--store", store).output


def test_a_list_is_fetched_and_what_is_there_is_published(tmp_path: Path) -> None:
    folder, store, addresses = tmp_path / "reports", tmp_path / "store", tmp_path / "list.txt"
    addresses.write_text("http://127.0.0.1:9/report.html\n", encoding="utf-8")
    folder.mkdir()
    (folder / "report.txt").write_bytes(SAMPLE.read_bytes())
    done = gongkai("sync", addresses, "--folder", folder, "--store", store)
    assert done.exit_code == 2, "the address could not be fetched"
    assert "http://127.0.0.1:9/report.html: " in done.stderr
    assert gongkai("history", "mohrss/2019", "--store", store).exit_code == 0


def test_what_goes_with_a_list_alone_is_said(tmp_path: Path) -> None:
    addresses = tmp_path / "list.txt"
    addresses.write_text("http://127.0.0.1:9/\n", encoding="utf-8")
    without = gongkai("sync", addresses, "--store", tmp_path / "store")
    assert without.exit_code == 2 and "--folder" in without.stderr
    with_one = gongkai("sync", tmp_path, "--folder", tmp_path, "--store", tmp_path / "store")
    assert with_one.exit_code == 2 and "--folder is for a list" in with_one.stderr
    assert not (tmp_path / "store").exists()

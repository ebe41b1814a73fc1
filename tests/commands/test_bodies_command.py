"""Bodies that nobody registered: published, listed, registered, moved; never two copies."""

import re
from pathlib import Path

import pytest

from gongkai.ontology.bodies import BadRegister, Origin, load_register
from gongkai.ontology.keys import provisional_key
from gongkai.server.app import create_app
from gongkai.server.store.embedded import EmbeddedReader
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.profiles import some_of

JUSTICE = provisional_key("320813", "司法局")
MISREAD = provisional_key(None, "沐阳县人民政府")

ENTRY = """\
@prefix body: <id/body/> .
@prefix def: <def#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
body:hongze a def:PublicBody ;
    skos:prefLabel "淮安市洪泽区人民政府"@zh, "Hongze District People's Government"@en .
body:hongze-justice a def:PublicBody ;
    skos:prefLabel "淮安市洪泽区司法局"@zh, "Hongze District Justice Bureau"@en ;
    skos:altLabel "洪泽司法"@zh ;
    org:subOrganizationOf body:hongze ;
    dcterms:spatial <id/area/320813> .
"""


def report(folder: Path, name: str, year: int = 2019, file: str = "report.txt") -> Path:
    """The sample as if ``name`` had published it for ``year``."""
    text = SAMPLE.read_text(encoding="utf-8")
    title, _, rest = text.partition("\n")
    title = title.replace("人力资源社会保障部", name).replace("2019年", f"{year}年")
    rest = rest.replace("2019年1月1日", f"{year}年1月1日").replace("2019年12月", f"{year}年12月")
    path = folder / file
    path.write_text(f"{title}\n{rest}", encoding="utf-8")
    return path


def graphs(store: Path) -> set[str]:
    """The graphs of reports and verdicts in a store, as paths under id/."""
    reader = EmbeddedReader(store)
    try:
        text = reader.query(
            "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", results="csv"
        ).body.decode()
    finally:
        reader.close()
    names = {line.removeprefix(BASE + "id/") for line in text.split() if "/id/" in line}
    return {name for name in names if name.startswith(("report/", "validation/"))}


def both(key: str, year: int = 2019) -> set[str]:
    return {f"report/{key}/{year}", f"validation/{key}/{year}"}


def test_an_unregistered_body_is_published_and_every_uri_of_it_dereferences(
    tmp_path: Path,
) -> None:
    result = gongkai("publish", report(tmp_path, "洪泽区司法局"), "--store", tmp_path / "store")
    assert result.exit_code == 0, result.output
    assert f"淮安市洪泽区司法局 2019, 198 cells read, unregistered body {JUSTICE}" in result.stdout
    reader = EmbeddedReader(tmp_path / "store")
    client = create_app(reader).test_client()
    try:
        text = reader.query("CONSTRUCT WHERE { ?s ?p ?o }", graph="nt").body.decode()
        minted = {uri for uri in re.findall(r"<([^<>\s]+)>", text) if uri.startswith(BASE)}
        entities = {uri for uri in minted if uri.startswith(BASE + "id/")}
        ours = {BASE + f"id/area/{code}" for code in ("320000", "320800", "320813")}
        assert ours <= entities
        ours |= {uri for uri in entities if JUSTICE in uri}
        # The divisions of the whole country are in every store, described by one query.
        ours |= set(some_of(sorted(uri for uri in entities if "/id/area/" in uri), 40))
        for uri in sorted({uri.partition("#")[0] for uri in ours if "/observation/" not in uri}):
            path = "/" + uri.removeprefix(BASE)
            assert client.get(path).status_code == 303, path
            document = path.replace("/id/", "/doc/", 1)
            answer = client.get(document, headers={"Accept": "application/n-triples"})
            assert f"<{uri}> <" in answer.get_data(as_text=True), path
        page = client.get(f"/doc/body/{JUSTICE}.html?lang=zh").get_data(as_text=True)
        assert "淮安市洪泽区司法局" in page and "未登记" in page
    finally:
        reader.close()


def test_the_same_body_by_another_spelling_replaces_its_report(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for name in ("洪泽区司法局", "江苏省淮安市洪泽区司法局"):
        assert gongkai("publish", report(tmp_path, name), "--store", store).exit_code == 0
    assert graphs(store) == both(JUSTICE)


def test_listing_registering_and_moving(tmp_path: Path) -> None:
    store = tmp_path / "store"
    justice = report(tmp_path, "洪泽区司法局", file="justice.txt")
    older = report(tmp_path, "洪泽区司法局", 2020, file="older.txt")
    misread = report(tmp_path, "沐阳县人民政府", file="misread.txt")
    assert gongkai("publish", justice, older, misread, SAMPLE, "--store", store).exit_code == 0

    listed = gongkai("bodies", "--store", store)
    assert listed.exit_code == 0
    lines = listed.stdout.splitlines()
    assert f"{MISREAD}  沐阳县人民政府  (area not known)" in lines
    assert f"{JUSTICE}  淮安市洪泽区司法局、洪泽区司法局  (淮安市洪泽区 320813)" in lines
    assert len([line for line in lines if JUSTICE in line and "/id/report/" in line]) == 2
    assert "mohrss" not in listed.stdout

    template = gongkai("bodies", "--store", store, "--format", "turtle").stdout
    assert f'def:formerKey "{JUSTICE}"' in template
    assert '"洪泽区司法局"@zh' in template and "<id/area/320813>" in template
    register = store / "bodies" / "mine.ttl"
    register.parent.mkdir()
    register.write_text(template, encoding="utf-8")
    unedited = gongkai("bodies", "--store", store)
    assert unedited.exit_code == 2 and "no key for a body" in unedited.stderr

    edited = template.replace('"EDIT-ME"@en', '"Somebody"@en')
    for number, key in ((1, "first"), (2, "second")):
        edited = edited.replace(f"EDIT-ME-{number}", key)
    register.write_text(edited, encoding="utf-8")
    moved = load_register([register]).by_name["洪泽区司法局"]
    assert moved.key in ("first", "second") and moved.origin is Origin.OPERATOR
    told = gongkai("bodies", "--store", store).stdout
    assert f"is registered now, as {moved.key}: publish its reports again" in told

    assert gongkai("publish", justice, "--store", store).exit_code == 0
    expected = both(moved.key) | both(JUSTICE, 2020) | both(MISREAD) | both("mohrss")
    assert graphs(store) == expected, "the report has moved, the other year's is still to be"
    told = gongkai("history", f"{JUSTICE}/2019", "--store", store).stdout
    assert f"published as {BASE}id/report/{moved.key}/2019" in told
    assert f"发布为 {BASE}id/report/{moved.key}/2019" in told
    assert gongkai("publish", older, misread, "--store", store).exit_code == 0
    assert "every body that was found is registered" in gongkai("bodies", "--store", store).stdout


def test_files_need_no_store(tmp_path: Path) -> None:
    path = report(tmp_path, "洪泽区司法局")
    unclear = report(tmp_path, "朝阳区统计局", file="unclear.txt")
    result = gongkai("bodies", path, unclear, SAMPLE)
    assert result.exit_code == 2
    assert result.stdout.splitlines()[0].startswith(JUSTICE)
    assert "长春市朝阳区统计局" in result.stderr and "--body" in result.stderr
    assert gongkai("bodies").exit_code == 2


def test_ambiguous_names_are_never_offered_as_aliases(tmp_path: Path) -> None:
    """As an alias, 朝阳区统计局 of Beijing would take the reports of that of Changchun."""
    path = report(tmp_path, "朝阳区统计局")
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n长春市朝阳区统计局\n2020年1月3日\n", encoding="utf-8")
    template = gongkai("bodies", path, "--format", "turtle").stdout
    assert '"长春市朝阳区统计局"@zh' in template
    assert '"朝阳区统计局"@zh' not in template


def test_who_reports_can_be_told(tmp_path: Path) -> None:
    path = report(tmp_path, "朝阳区统计局")
    assert gongkai("convert", path, "-o", tmp_path / "out").exit_code == 2
    told = gongkai("convert", path, "-o", tmp_path / "out", "--body", "长春市朝阳区统计局")
    assert told.exit_code == 0, told.output
    assert provisional_key("220104", "统计局") in told.stdout
    assert "mohrss 2019" not in told.stdout
    by_key = gongkai("check", path, "--body", "mohrss")
    assert by_key.exit_code == 0 and "人力资源和社会保障部 2019" in by_key.stdout
    two = gongkai("check", path, SAMPLE, "--body", "mohrss")
    assert two.exit_code == 2 and "name one" in two.stderr
    table = tmp_path / "told.csv"
    table.write_text("file,body,year\nreport.txt,长春市朝阳区统计局,\n", encoding="utf-8")
    both_files = gongkai("check", path, SAMPLE, "--told", table)
    assert both_files.exit_code == 0, both_files.output
    assert "长春市朝阳区统计局 2019" in both_files.stdout
    assert "人力资源和社会保障部 2019" in both_files.stdout
    table.write_text("name\nx\n", encoding="utf-8")
    assert "needs the columns" in gongkai("check", path, "--told", table).stderr


def test_a_register_reaches_every_process_and_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = tmp_path / "register.ttl"
    register.write_text(ENTRY, encoding="utf-8")
    paths = [
        report(tmp_path, "洪泽区司法局", 2010 + number, f"r{number}.txt") for number in range(8)
    ]
    store = tmp_path / "store"
    result = gongkai("publish", *paths, "--store", store, "--bodies", register, "--jobs", 2)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("淮安市洪泽区司法局") == 8
    assert {name.split("/")[1] for name in graphs(store)} == {"hongze-justice"}
    reader = EmbeddedReader(store)
    try:
        parent = reader.query(
            f"ASK {{ <{BASE}id/body/hongze> a <{BASE}def#PublicBody> }}", results="csv"
        )
        assert parent.body.strip() == b"true", "what the body belongs to is described as well"
    finally:
        reader.close()
    monkeypatch.setenv("GONGKAI_BODIES", str(register))
    assert "unregistered" not in gongkai("check", paths[0]).stdout


@pytest.mark.parametrize(
    ("spoilt", "by", "message"),
    [
        ("body:hongze a", "body:unregistered-1 a", "no key for a body"),
        ("body:hongze a", "body:mohrss a", "packaged register"),
        ("body:hongze a", "def:Report a", "nothing else"),
        ("body:hongze a", "body:113708260043292688 a", "no unified social credit code"),
        ("淮安市洪泽区人民政府", "人力资源社会保障部", "to two bodies"),
        ("淮安市洪泽区人民政府", "洪泽区司法局", "to two bodies"),
        ("洪泽司法", "区司法局", "does not say where it is"),
        ("洪泽司法", "朝阳区司法局", "any of several places"),
        ("id/area/320813", "id/area/999999", "described nowhere"),
        ("id/body/", "id/body", "nothing else"),
        (', "Hongze District Justice Bureau"@en', "", "one in en"),
        ("@prefix skos:", "@prefix sk:", "line 7: not Turtle"),
        ('"洪泽司法"@zh ;', '"洪泽司法"@zh ; def:formerKey "a> b" ;', "never the key"),
        ('"洪泽司法"@zh ;', '"洪泽司法"@zh ; def:formerKey "mohrss" ;', "another body's key"),
    ],
)
def test_registers_that_are_refused(spoilt: str, by: str, message: str, tmp_path: Path) -> None:
    assert spoilt in ENTRY
    path = tmp_path / "register.ttl"
    path.write_text(ENTRY.replace(spoilt, by), encoding="utf-8")
    with pytest.raises(BadRegister, match=re.escape(message)):
        load_register([path])
    result = gongkai("check", SAMPLE, "--bodies", path)
    assert result.exit_code == 2 and message in result.stderr
    assert "Traceback" not in result.output


def test_a_register_that_is_not_there(tmp_path: Path) -> None:
    result = gongkai("check", SAMPLE, "--bodies", tmp_path / "none.ttl")
    assert result.exit_code == 2 and "no such register" in result.stderr


def test_a_registered_body_is_found_by_what_a_report_leaves_out(tmp_path: Path) -> None:
    """The register says 淮安市洪泽区; reports say 洪泽区, or 江苏省淮安市洪泽区."""
    register = tmp_path / "register.ttl"
    register.write_text(ENTRY, encoding="utf-8")
    for name in ("洪泽区司法局", "江苏省洪泽区司法局", "洪泽司法"):
        result = gongkai("check", report(tmp_path, name), "--bodies", register)
        assert "淮安市洪泽区司法局 2019" in result.stdout, result.output
        assert "unregistered" not in result.stdout

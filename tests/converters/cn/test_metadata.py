"""Title, year, body, dates and contact, in the many ways that sources print them."""

import re
from collections.abc import Sequence
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.converters.cn.metadata.contact import read_contact
from gongkai.converters.cn.metadata.dates import date_alone, first_date, with_digits
from gongkai.converters.cn.metadata.reader import read_metadata
from gongkai.converters.documents import read_document
from gongkai.converters.documents.model import (
    Document,
    Grid,
    GridCell,
    Place,
    SourceFile,
    TextBlock,
)
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.keys import provisional_key
from helpers.commands import ROOT
from helpers.titles import KIND, blocks, read, said

CORPUS = ROOT.parent / "shared" / "corpus" / "cn" / "reports"
HONGZE_JUSTICE = provisional_key("320813", "司法局")


def grid(*rows: Sequence[str]) -> Grid:
    return Grid(
        tuple(
            tuple(GridCell(text, Place(table=1, row=r, column=c)) for c, text in enumerate(row, 1))
            for r, row in enumerate(rows, 1)
        ),
        Place(table=1),
    )


@pytest.mark.parametrize(
    "head",
    [
        f"2023年洪泽区司法局{KIND}",
        f"洪泽区司法局2023年{KIND}",
        f"洪泽区司法局2023年度{KIND}",
        f"# 淮安市洪泽区司法局 2023 年 {KIND}",
        f"二〇二三年洪泽区司法局{KIND}",
        f"二○二三年度洪泽区司法局{KIND}",
        f"洪泽区司法局\n2023 年{KIND}",
        "洪泽区司法局 2023 年政府信息公开工作\n年度报告",
        f"洪泽区司法局\n2023年度\n{KIND}",
        f"洪泽区司法局{KIND}\n（2023年度）",
        f"洪泽区司法局{KIND}（2023年）",
        "洪泽区司法局2023年政府信息公开年度报告",
        "洪泽区司法局2023年信息公开工作年度报告",
        "洪泽区司法局2023年政务公开工作年度报告",
        "洪泽区司法局2023年政府信息公开工作度报告",
        "洪泽区司法局2023年政府信息公开年报",
        "洪泽区司法局政府信息公开2023年度报告",
        f"关于“洪泽区司法局”2023年的{KIND}",
        # Links to other years' reports above the title.
        f"洪泽区司法局2021年{KIND}\n洪泽区司法局2022年{KIND}\n洪泽区司法局2023年{KIND}",
        f"正文\n洪泽区司法局2023年{KIND}",
        f"名称 洪泽区司法局2023年{KIND}",
        f"标题：洪泽区司法局2023年{KIND}",
    ],
)
def test_titles(head: str) -> None:
    metadata = read(head)
    assert metadata.year == 2023
    assert metadata.body.key == HONGZE_JUSTICE
    assert metadata.body.name == "淮安市洪泽区司法局"
    assert metadata.body.area == "320813"


@pytest.mark.parametrize(
    ("name", "whole", "area"),
    [
        ("孝感市人民", "孝感市人民政府", "420900"),
        ("孝感市", "孝感市人民政府", "420900"),
        ("孝感市政府办公室", "孝感市人民政府办公室", "420900"),
        ("上海海关", "上海海关", "310000"),
        ("北京市东城区东华门街道", "北京市东城区东华门街道办事处", "110101001"),
        ("昌邑区两家子满族乡", "吉林市昌邑区两家子满族乡人民政府", "220202200"),
        ("苏州工业园区", "苏州工业园区管理委员会", "320576"),
    ],
)
def test_names_in_titles_are_spelt_out(name: str, whole: str, area: str) -> None:
    body = read(f"{name}政府信息公开工作年度报告（2023年）").body
    assert (body.name, body.area) == (whole, area)


def test_a_title_of_several_lines_has_all_their_places() -> None:
    metadata = read(f"洪泽区人民政府\n2023 年{KIND}")
    assert metadata.title == f"洪泽区人民政府2023 年{KIND}"
    assert [block.place.line for block in metadata.title_blocks] == [1, 2]
    assert metadata.title_place.line == 1


@pytest.mark.parametrize(
    "head",
    [
        f"孝感市2023年{KIND}解读",
        f"关于印发2023年{KIND}的通知",
        f"现将洪泽区司法局2023年{KIND}公布如下：",
        f"洪泽区司法局发布2023年{KIND}。",
    ],
)
def test_what_only_speaks_of_a_report_is_no_title(head: str) -> None:
    with pytest.raises(UnreadableSource, match="no title"):
        read(head)


def test_the_title_that_is_only_declared() -> None:
    metadata = read("沭阳县发改局", title=f"沭阳县发展和改革局2023年{KIND}-沭阳县发改局")
    assert metadata.title == f"沭阳县发展和改革局2023年{KIND}"
    assert metadata.title_blocks == ()
    assert metadata.body.area == "321322"


def test_a_year_that_only_the_period_tells() -> None:
    metadata = read(f"洪泽区司法局{KIND}", 2022)
    assert metadata.year == 2022 and "comes from the period" in said(metadata)
    with pytest.raises(UnreadableSource, match="does not say which year"):
        read(f"洪泽区司法局{KIND}", None)


def test_two_different_years_are_refused_unless_the_operator_tells() -> None:
    head = f"洪泽区司法局2023年{KIND}"
    with pytest.raises(UnreadableSource, match=r"period 2022-01-01 to 2022-12-31.*--year"):
        read(head, 2022)
    assert read(head, 2022, year="2023").year == 2023
    assert read(head, 2022, year="2022").year == 2022
    with pytest.raises(UnreadableSource, match=r"declares.*of 2022.*--year"):
        read(head, None, title=f"洪泽区司法局2022年{KIND}")
    overruled = read(head, 2023, title=f"洪泽区司法局2022年{KIND}")
    assert overruled.year == 2023 and "is of another year" in said(overruled)
    with pytest.raises(UnreadableSource, match="no title"):
        read(f"洪泽区司法局2021—2022年、2023年{KIND}")


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("自2023年1月1日起，至2023年12月31日止", (2023, 1, 1), (2023, 12, 31)),
        ("从2023年1月1日到12月31日止", (2023, 1, 1), (2023, 12, 31)),
        ("自2023年1月1\n日起至2023 年 12 月 31 日止", (2023, 1, 1), (2023, 12, 31)),
        ("从二〇二三年一月一日至二〇二三年十二月三十一日", (2023, 1, 1), (2023, 12, 31)),
        ("自2022年12月1日至2023年11月30日", (2022, 12, 1), (2023, 11, 30)),
    ],
)
def test_periods(text: str, begin: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    metadata = read(f"洪泽区司法局2023年{KIND}\n本报告所列数据的统计期限{text}。", None)
    assert metadata.period == (date(*begin), date(*end))
    assert ("speaks of the period" in said(metadata)) is (begin[0] == 2022)


def test_names_without_a_place_are_refused_and_hints_help() -> None:
    for name in ("朝阳区统计局", "区统计局", "统计局", "两城镇人民政府", "城东区教育局"):
        with pytest.raises(UnreadableSource, match=f"“{name}” is not in the register.*--body"):
            read(f"{name}2023年{KIND}")
    title = f"朝阳区统计局2023年{KIND}"
    assert read(title, site="1101050001").body.area == "110105"
    assert read(title, end="长春市朝阳区统计局\n2024年1月3日").body.area == "220104"
    town = f"两城镇人民政府2023年{KIND}"
    code = "113708260043292687"
    told = read(town, address=f"http://example.org/a.jsp?area={code}&fbtime=2020")
    assert told.body.key == provisional_key("370826107", "人民政府")
    assert f"{code} in the source may be another body's" in said(told)
    fetched = SourceFile("a", "text/html", 1, "0" * 64, address=f"http://example.org/?area={code}")
    texts = blocks([town])
    assert read_metadata(Document(fetched, tuple(texts)), texts).body.area == "370826107"
    bare = f"区统计局2023年{KIND}"
    assert read(bare, site="6104030005").body.name == "咸阳市杨陵区统计局"
    assert read(bare, publisher="杨陵区统计局").body.name == "咸阳市杨陵区统计局"
    # An office may stand in a district that it does not govern.
    with pytest.raises(UnreadableSource):
        read(f"{bare}\n（地址：咸阳市秦都区人民路1号，邮编：712000）")


def test_the_site_of_a_page_is_a_hint_and_not_its_publisher(tmp_path: Path) -> None:
    """A government's site bears the reports of all its bureaus."""
    page = tmp_path / "page.html"
    page.write_text(
        '<meta name="SiteName" content="杨陵区人民政府">'
        '<meta name="SiteIDCode" content="6104030005">'
        f"<h1>区统计局2023年{KIND}</h1><p>根据条例编制。</p><p>一、总体情况</p>",
        encoding="utf-8",
    )
    document = read_document(page)
    assert "publisher" not in document.declared
    texts = [item for item in document.items if isinstance(item, TextBlock)]
    assert read_metadata(document, texts).body.name == "咸阳市杨陵区统计局"


def test_hints_never_overrule_what_the_title_says() -> None:
    assert read(f"北京市朝阳区统计局2023年{KIND}", site="2201040001").body.area == "110105"
    with pytest.raises(UnreadableSource, match="one of 沭阳县"):
        read(f"郫都区统计局2023年{KIND}", site="3213220001")
    # 洪泽 had the code 320829 when it was a county.
    assert read(f"洪泽区司法局2023年{KIND}", site="3208290001").body.key == HONGZE_JUSTICE


def test_everyday_names_of_central_bodies_are_not_taken_for_them_elsewhere() -> None:
    title = f"发改委2023年{KIND}"
    assert read(title).body.key == "ndrc"
    for hint in ({"site": "3213220005"}, {"publisher": "沭阳县发展和改革委员会"}):
        with pytest.raises(UnreadableSource, match=r"国家发展和改革委员会.*沭阳县"):
            read(title, **hint)  # type: ignore[arg-type]


def test_a_misread_place_is_said_and_not_corrected() -> None:
    metadata = read(f"沐阳县人民政府2023年{KIND}", site="3213220001")
    assert metadata.body.key == provisional_key(None, "沐阳县人民政府")
    assert metadata.body.area is None
    assert "may be misspelt" in said(metadata)


def test_a_zone_that_the_list_does_not_know() -> None:
    zone = read(f"沭阳经济技术开发区管理委员会2023年{KIND}").body
    assert zone.area is None and zone.name == "沭阳经济技术开发区管理委员会"
    with pytest.raises(UnreadableSource):
        read(f"临港经济开发区管理委员会2023年{KIND}")


def test_a_credit_code_is_the_key_where_its_publisher_is_named() -> None:
    code = "113708260043292687"
    title = f"微山县统计局2023年{KIND}"
    table = grid(["索引号", f"{code}/2024-1", "发布机构", "微山县统计局"])
    assert read(title, grids=[table]).body.key == code
    office = grid(["索引号", f"{code}/2024-1"], ["发布机构", "微山县人民政府办公室"])
    for name, rest in (("微山县人民政府", "人民政府"), ("微山县统计局", "统计局")):
        body = read(f"{name}2023年{KIND}", grids=[office]).body
        assert body.key == provisional_key("370826", rest)
    elsewhere = grid(["索引号", f"{code}/2024-1", "发布机构", "沭阳县统计局"])
    with_parent = read(f"江苏省沭阳县统计局2023年{KIND}", grids=[elsewhere]).body
    assert with_parent.key == provisional_key("321322", "统计局")


def test_a_title_without_a_name() -> None:
    title = f"2023年{KIND}"
    signed = read(title, end="洪泽区司法局\n2024年1月3日")
    assert signed.body.key == HONGZE_JUSTICE and "comes from the signature" in said(signed)
    assert read(title, publisher="洪泽区司法局").body.key == HONGZE_JUSTICE
    assert read(f"{title}\n发布机构：洪泽区司法局").body.key == HONGZE_JUSTICE
    with pytest.raises(UnreadableSource, match="as well as for itself"):
        read(title, end="洪泽区人民政府办公室\n2024年1月3日")
    with pytest.raises(UnreadableSource, match="neither the title nor the signature"):
        read(title)


def test_what_the_operator_tells_decides() -> None:
    title = f"2023年{KIND}"
    assert read(title, body="mohrss").body.key == "mohrss"
    assert read(title, body="洪泽区司法局").body.key == HONGZE_JUSTICE
    by_code = read(title, body="113708260043292687")
    assert by_code.body.key == "113708260043292687" and "is not registered" in said(by_code)
    assert read(title, body="长江水利委员会").body.key == provisional_key(None, "长江水利委员会")
    unclear_names = ("朝阳区统计局", "区统计局", "两城镇人民政府")
    for unclear in (*unclear_names, HONGZE_JUSTICE, "mohrs", "113708260043292688", "）", "局"):
        with pytest.raises(UnreadableSource):
            read(title, body=unclear)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020年1月22日", date(2020, 1, 22)),
        ("2020-01-31", date(2020, 1, 31)),
        ("2020/1/31", date(2020, 1, 31)),
        ("2020.1.31", date(2020, 1, 31)),
        ("（2026年1月23日）", date(2026, 1, 23)),
        ("二〇二〇年一月二十二日", date(2020, 1, 22)),
        ("二○二○年十月三十日", date(2020, 10, 30)),
        ("二零二零年十二月十日", date(2020, 12, 10)),
        ("二〇二〇年三十月四日", None),
        ("2020年13月1日", None),
        ("2020年1月22日起", None),
        ("国办公开办函〔2021〕30号", None),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    assert date_alone(text) == expected


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_dates_in_words_are_those_in_digits(day: date) -> None:
    digits = "〇一二三四五六七八九"

    def words(number: int) -> str:
        tens, ones = divmod(number, 10)
        ten = ("" if tens == 0 else "十") if tens < 2 else digits[tens] + "十"
        return ten + (digits[ones] if ones else "")

    year = "".join(digits[int(sign)] for sign in str(day.year))
    text = f"{year}年{words(day.month)}月{words(day.day)}日"
    assert with_digits(text) == f"{day.year}年{day.month}月{day.day}日"
    assert first_date(f"落款：{text}") == day


def test_the_date_of_issue() -> None:
    title = f"洪泽区司法局2023年{KIND}"
    assert read(title, end="洪泽区司法局\n2024年1月3日").issued == date(2024, 1, 3)
    under = read(f"{title}\n洪泽区司法局\n（2024年1月3日）")
    assert under.issued == date(2024, 1, 3)
    assert under.issued_block is not None and under.issued_block.place.line == 3
    assert read(f"{title}\n发布日期：2024-01-31").issued == date(2024, 1, 31)
    assert read(title, issued="2024-01-17 10:20:30").issued == date(2024, 1, 17)
    table = grid(["名称", title, "公开日期", "2024-01-17"], ["成文日期", "2024-01-15"])
    assert read(title, grids=[table]).issued == date(2024, 1, 15)
    both = read(title, end="2024年1月3日", issued="2024-02-02")
    assert both.issued == date(2024, 1, 3)
    nothing = read(title)
    assert nothing.issued is None and "no date of issue" in said(nothing)


def test_contact_with_spaces_and_broken_lines() -> None:
    contact = read_contact(
        blocks(
            [
                "如有疑问，请与淮安市洪",
                "泽区人民政府办公室联系（地址：淮安市洪泽区某某大道 90",
                "号 ， 邮 编 ： 223100 ， 电 话 ： 0517-80000000 ， 电 子 邮 箱 ：",
                "someone@example.com）。",
            ]
        )
    )
    assert contact is not None
    assert contact.name == "淮安市洪泽区人民政府办公室"
    assert contact.address == "淮安市洪泽区某某大道90号"
    assert contact.postal_code == "223100"
    assert contact.telephone == "0517-80000000"
    assert contact.email == "someone@example.com"
    assert read_contact(blocks(["请与我们联系。"])) is None


WORDS = """
2023年 二〇二三年 洪泽区 朝阳区 司法局 区统计局 沐阳县人民政府 发改委 政府信息公开 年报 （ ）
关于 的 ： 。 0 2024年1月3日 自2023年1月1日至12月31日 索引号：113708260043292687/2024-1
发布机构： 一、总体情况 政府信息公开工作年度报告
"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\n\n"])


@given(
    st.sampled_from(["", f"洪泽区司法局2023年{KIND}\n", f"2023年{KIND}\n", f"区统计局{KIND}\n"]),
    st.lists(PIECES, max_size=25),
    st.dictionaries(
        st.sampled_from(["title", "publisher", "body", "year", "site", "issued", "address"]),
        st.lists(PIECES, max_size=4).map("".join),
    ),
)
def test_whatever_a_source_says_it_is_read_or_refused(
    title: str, pieces: list[str], declared: dict[str, str]
) -> None:
    texts = blocks((title + "".join(pieces)).splitlines())
    source = SourceFile("report", "text/plain", 1, "0" * 64)
    try:
        metadata = read_metadata(Document(source, tuple(texts), declared), texts)
    except UnreadableSource as refused:
        assert str(refused)
        return
    assert metadata.year == 2023
    assert re.fullmatch("[A-Za-z0-9-]+", metadata.body.key)
    assert set(metadata.title_blocks) <= set(texts)


def original(name: str) -> list[str]:
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"the report is not at {path}")
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = re.sub(r"(?s)<(head|table)\b.*?</\1>|<!--.*?-->|<title>.*?</title>", "", text)
        text = unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|div|h\d)>|<br[^>]*>", "\n", text)))
    return text.splitlines()


@pytest.mark.parametrize(
    ("name", "year", "body", "area", "issued"),
    [
        ("mohrss-2019.txt", 2019, "人力资源和社会保障部", None, date(2020, 1, 22)),
        ("sh-general-office-2019.html", 2019, "上海市人民政府办公厅", "310000", date(2020, 1, 31)),
        ("js-huaian-hongze-2023.layout.txt", 2023, "淮安市洪泽区人民政府", "320813", None),
        ("js-huaian-hongze-2023.raw.txt", 2023, "淮安市洪泽区人民政府", "320813", None),
        ("sh-stcsm-2024.pdf2md.md", 2024, "上海市科委", "310000", None),
        ("js-suqian-shuyang-2025.ocr.txt", 2025, "沐阳县人民政府", None, date(2026, 1, 23)),
        (
            "js-suqian-shuyang-drc-2023.html",
            2023,
            "沭阳县发展和改革局",
            "321322",
            date(2024, 1, 17),
        ),
    ],
)
def test_reports_as_published(
    name: str, year: int, body: str, area: str | None, issued: date | None
) -> None:
    texts = blocks(original(name))
    source = SourceFile(name, "text/plain", 1, "0" * 64)
    metadata = read_metadata(Document(source, tuple(texts)), texts)
    assert (metadata.year, metadata.body.name, metadata.body.area) == (year, body, area)
    assert metadata.issued == issued
    assert metadata.period == (date(year, 1, 1), date(year, 12, 31))
    # Both views of one PDF, and every year's report of a body, have one key.
    if body == "淮安市洪泽区人民政府":
        assert metadata.body.key == provisional_key("320813", "人民政府")

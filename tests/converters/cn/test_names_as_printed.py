"""Names of bodies and titles of reports, as they are printed: nothing put in, nothing lost."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.converters.cn.metadata.evidence import Evidence
from gongkai.converters.cn.metadata.publisher import identify
from gongkai.converters.cn.metadata.title import parse_short_title, parse_title
from gongkai.converters.documents.model import Place
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.bodies import load_register
from gongkai.ontology.keys import provisional_key
from gongkai.ontology.places import Area, areas, full_name, short_name
from helpers.profiles import examples
from helpers.titles import KIND, read, said

OWN_NAMES = {
    "上海海关": "310000",
    "宁波海关": "330200",
    "黄埔海关": None,
    "皇岗海关": None,
    "广东海事局": "440000",
    "长江海事局": None,
    "国家税务总局深圳市税务局": "440300",
    "国家税务总局北京市朝阳区税务局": "110105",
    "国家税务总局广州市税务局第三稽查局": "440100",
    "中国银保监会上海监管局": "310000",
    "国家金融监督管理总局宿迁监管分局": "321300",
    "北京银保监局": "110000",
    "中国人民银行合肥中心支行": "340100",
    "中国人民银行安徽省分行": "340000",
    "中国人民银行泾县支行": "341823",
    "国家外汇管理局浙江省分局": "330000",
    "珠海出入境边防检查总站": "440400",
    "合肥气象局": "340100",
    "上海邮政管理局": "310000",
    "上海烟草专卖局": "310000",
    "国家统计局合肥调查队": "340100",
    "国家统计局吉林调查总队": "220000",
    "国家矿山安全监察局安徽局": "340000",
    "审计署驻上海特派员办事处": "310000",
    "北京市通信管理局": "110000",
    "中国铁路上海局集团有限公司": None,
    "沈阳铁路监督管理局": "210100",
    "浙江大学医学院附属第二医院": None,
    "中山大学": None,
    "吉林大学": None,
    "三亚学院": None,
    "合肥水务集团有限公司": "340100",
    "国网江苏省电力有限公司": "320000",
    "中国石油天然气集团有限公司": None,
    "杭州第二中学": "330100",
    "浦东新区税务局": "310115",
}


@pytest.mark.parametrize("name", OWN_NAMES)
def test_a_name_of_its_own_is_kept(name: str) -> None:
    body = read(f"{name}2023年{KIND}").body
    assert (body.name, body.area) == (name, OWN_NAMES[name])


@pytest.mark.parametrize(
    "name",
    [
        "海关",
        "地方海事局",
        "税务局",
        "国家税务总局税务局",
        "国家税务总局朝阳区税务局",
        "国家税务总局新九镇税务所",
        "国家统计局朝阳调查队",
        "吉林银保监局",
        "气象局",
        "出入境边防检查站",
        "人民医院",
        "朝阳医院",
        "职业技术学院",
        "师范大学",
        "实验小学",
        "自来水公司",
        "城市建设投资有限公司",
    ],
)
def test_a_name_that_may_be_of_several_bodies_is_refused(name: str) -> None:
    with pytest.raises(UnreadableSource, match="--body"):
        read(f"{name}2023年{KIND}")


def test_what_else_the_source_tells_chooses_among_places() -> None:
    one = read(f"国家税务总局朝阳区税务局2023年{KIND}", end="北京市朝阳区税务局\n2024年1月3日").body
    other = read(f"国家税务总局朝阳区税务局2023年{KIND}", site="2201040001").body
    assert (one.area, other.area) == ("110105", "220104")
    assert one.key != other.key and one.name == other.name


def test_the_state_before_a_name_makes_no_other_body() -> None:
    printed = read(f"中华人民共和国上海海关2023年{KIND}").body
    assert printed.name == "中华人民共和国上海海关"
    assert printed.key == provisional_key(None, "上海海关")


def test_a_body_with_a_name_of_its_own_can_be_registered(tmp_path: Path) -> None:
    register = tmp_path / "bodies.ttl"
    register.write_text(
        "@prefix body: <id/body/> . @prefix def: <def#> ."
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        'body:shanghai-customs a def:PublicBody ; skos:prefLabel "上海海关"@zh, "Customs"@en .',
        encoding="utf-8",
    )
    known = load_register([register])
    for name in ("上海海关", "中华人民共和国上海海关"):
        body, _ = identify(name, Evidence(), known, Place())
        assert body.key == "shanghai-customs"
        assert provisional_key(None, "上海海关") in body.former_keys


PLACES = [area for area in areas().values() if not area.is_town]
UNITS = [
    "海关",
    "海事局",
    "气象局",
    "税务局",
    "大学",
    "医院",
    "第一中学",
    "水务集团有限公司",
    "银保监局",
]


@settings(max_examples=examples(60))
@given(st.sampled_from(PLACES), st.sampled_from(UNITS), st.sampled_from(["", "国家税务总局"]))
def test_whatever_the_place_the_name_is_as_printed_or_refused(
    area: Area, unit: str, central: str
) -> None:
    for place in {full_name(area), area.name, short_name(area) or area.name}:
        name = f"{central}{place}{unit}"
        try:
            body = read(f"{name}2023年{KIND}").body
        except UnreadableSource:
            continue
        assert body.name == name
        home = areas().get(body.area or "")
        assert home is None or short_name(home) or home.name in name or home.name[:-1] in name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (f"泾县住房和城乡建设局（人防办）2023年{KIND}", "泾县住房和城乡建设局（人防办）"),
        (f"泾县住房和城乡建设局(人防办）2023年{KIND}", "泾县住房和城乡建设局（人防办）"),
        (f"（2023年度）泾县住房和城乡建设局（人防办）{KIND}", "泾县住房和城乡建设局（人防办）"),
        (f"泾县住房和城乡建设局（人防办）（2023年）{KIND}", "泾县住房和城乡建设局（人防办）"),
        (f"《泾县住房和城乡建设局〔人防办〕2023年{KIND}》", "泾县住房和城乡建设局〔人防办〕"),
        (f"（泾县住房和城乡建设局）2023年{KIND}", "泾县住房和城乡建设局"),
        (f"泾县住房和城乡建设局（2023年{KIND}", "泾县住房和城乡建设局"),
        (f"泾县住房和城乡建设局）2023年{KIND}", "泾县住房和城乡建设局"),
    ],
)
def test_brackets_balance(head: str, name: str) -> None:
    assert read(head).body.name == name


@pytest.mark.parametrize(
    "title",
    [
        "石台县教育局2022年度政府信息公开工作报告",
        "石台县教育局2022年政府信息公开工作情况报告",
        "石台县教育局2022年政府信息公开工作年度报告的公示",
        "石台县教育局2022年政府信息公开工作年度报告公告",
        "关于石台县教育局2022年政府信息公开工作年度报告的说明",
        "关于印发《石台县教育局2022年政府信息公开工作年度报告》的通知",
        "石台县教育局关于印发2022年政府信息公开工作年度报告的通知",
        "石台县教育局关于公布《2022年政府信息公开工作年度报告》的公告",
        "石台县人民政府关于公布石台县教育局2022年政府信息公开工作报告的通知",
        "石台县教育局关于2022年度政府信息公开工作的年度报告",
        "石台县教育局2022年政府信息情况公开年报",
        "转发石台县教育局2022年政府信息公开工作年度报告",
        "关于公布石台县教育局2022年政府信息公开工作年度报告的通知",
        "更正：石台县教育局2022年政府信息公开工作年度报告",
        "【更正】石台县教育局2022年政府信息公开工作年度报告",
        "【修订】石台县教育局2022年政府信息公开工作年度报告（更正版）",
        "石台县教育局关于更正2022年政府信息公开工作年度报告的公告",
        "石台县教育局关于修订《2022年政府信息公开工作年度报告》的通知",
        "石台县教育局2022年政府信息公开工作年度报告（2023年1月20日）",
        "石台县教育局2022年政府信息公开工作年度报告（发布时间：2023-01-20）",
        "附件：石台县教育局政府信息公开工作年度报告（2022年）",
        "二0二二年石台县教育局政府信息公开工作年度报告",
        "石台县教育局政府信息公开工作报告（二○二二）",
        "2O22年石台县教育局政府信息公开工作报告",
        "２０２２年石台县教育局政府信息公开工作报告",
        "石台县教育局2022政府信息公开年报",
        "石台县教育局2022年度报告",
    ],
)
def test_titles_of_many_kinds(title: str) -> None:
    metadata = read(title, 2022)
    assert (metadata.body.name, metadata.year) == ("石台县教育局", 2022)


@pytest.mark.parametrize("years", ["2022-2023年度", "2022年、2023年", "2022至2023年", "2022—23年"])
def test_a_title_of_two_years_is_refused_in_words(years: str) -> None:
    title = f"休宁县水利局{years}{KIND}"
    with pytest.raises(UnreadableSource, match=r"more than one year \(2022 and 2023\).*--year"):
        read(title, None)
    told = read(title, None, year="2022")
    assert (told.body.name, told.year) == ("休宁县水利局", 2022)


def test_months_and_stray_numbers_are_no_part_of_a_name() -> None:
    for title in (f"石台县教育局2022年1-12月{KIND}", f"石台县3415教育局2022年{KIND}"):
        assert parse_title(title) is None
    assert parse_short_title("2022年度报告") is None


@pytest.mark.parametrize(
    "title",
    [
        "南京大学2022学年信息公开年度报告",
        "石台县教育局2022年上半年政府信息公开工作报告",
        "石台县教育局2022年第一季度政府信息公开工作情况报告",
        "石台县教育局2022年12月政府信息公开工作报告",
        "宿迁市2022年度法治政府建设和政府信息公开工作年度报告",
        "石台县教育局2022年度依申请政府信息公开工作年度报告",
        "石台县人民政府、石台县人民政府办公室2022年政府信息公开工作年度报告",
    ],
)
def test_a_title_with_more_than_body_and_year_is_refused(title: str) -> None:
    with pytest.raises(UnreadableSource, match="--body"):
        read(title, 2022)
    assert read(title, 2022, body="mohrss", year="2022").body.key == "mohrss"


def test_whose_year_it_is_is_no_part_of_a_name() -> None:
    for title in (
        "石台县教育局2022度政府信息公开工作报告",
        "石台县教育局2022年全县政府信息公开年报",
    ):
        assert read(title, 2022).body.name == "石台县教育局"


def test_the_office_that_gives_notice_may_report_for_its_government() -> None:
    with pytest.raises(UnreadableSource, match="as well as for itself"):
        read(f"石台县人民政府办公室关于印发2023年{KIND}的通知")


def test_body_and_year_that_are_told_suffice() -> None:
    for head in ("没有标题", f"休宁县水利局2021-2022年{KIND}", f"区统计局2021年{KIND}"):
        metadata = read(head, None, body="四川省盐边县新九镇人民政府", year="2022")
        assert (metadata.body.name, metadata.year) == ("盐边县新九镇人民政府", 2022)
    made = read("没有标题", None, body="mohrss", year="2022")
    assert "is put in its place" in said(made) and "2022" in made.title
    assert read("没有标题", 2022, body="mohrss").year == 2022
    with pytest.raises(UnreadableSource, match=r"--body.*--year"):
        read("没有标题", None)
    with pytest.raises(UnreadableSource, match="--year"):
        read("没有标题", None, body="mohrss")


def test_a_title_that_contradicts_what_is_told_is_said() -> None:
    told = read(f"洪泽区司法局2023年{KIND}", body="mohrss")
    assert told.body.key == "mohrss"
    assert "was given by the operator; the title is “洪泽区司法局2023年" in said(told)
    same = read(f"洪泽区司法局2023年{KIND}", body="江苏省淮安市洪泽区司法局")
    assert "was given by the operator" not in said(same)

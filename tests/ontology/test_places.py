"""Places that names begin with, credit codes, and the keys of bodies that no register knows."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.ontology.credit_code import check_character, credit_codes, is_credit_code
from gongkai.ontology.keys import fold_name, is_key, office_name, provisional_key
from gongkai.ontology.places import areas, chain, division, find_place, full_name, lies_in

NAMES = st.text("上海市沭沐阳县洪泽区人民政府办公室统计局 （）()", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "codes", "rest"),
    [
        ("孝感市人民政府办公室", ["420900"], "人民政府办公室"),
        ("淮安市洪泽区人民政府", ["320813"], "人民政府"),
        ("洪泽区人民政府", ["320813"], "人民政府"),
        ("江苏省沭阳县人民政府", ["321322"], "人民政府"),
        ("昌邑区两家子满族乡人民政府", ["220202200"], "人民政府"),
        ("北京市东城区东华门街道办事处", ["110101001"], "办事处"),
        ("蒲纺工业园区", ["421281400"], ""),
        ("上海市科学技术委员会", ["310000"], "科学技术委员会"),
        ("沭阳县发展和改革局", ["321322"], "发展和改革局"),
        ("济南市中区人民政府", ["370103"], "人民政府"),
        ("苏州工业园区管理委员会", ["320576"], "管理委员会"),
        ("延边州教育局", ["222400"], "教育局"),
        # Without 省 or 市, where something like an office follows.
        ("上海科学技术委员会", ["310000"], "科学技术委员会"),
        ("孝感教育局", ["420900"], "教育局"),
        ("内蒙古财政厅", ["150000"], "财政厅"),
        # More than one.
        ("朝阳区统计局", ["110105", "220104"], "统计局"),
        ("吉林公安局", ["220000", "220200"], "公安局"),
        ("海南公安厅", ["460000", "632500"], "公安厅"),
        ("北京市朝阳区统计局", ["110105"], "统计局"),
        # None.
        ("沐阳县人民政府", [], "沐阳县人民政府"),
        ("人力资源社会保障部", [], "人力资源社会保障部"),
        ("中山大学", [], "中山大学"),
        ("沭阳经济技术开发区管理委员会", [], "沭阳经济技术开发区管理委员会"),
        ("区统计局", [], "区统计局"),
    ],
)
def test_the_place_that_a_name_begins_with(text: str, codes: list[str], rest: str) -> None:
    place = find_place(text)
    assert [area.code for area in place.areas] == codes
    assert place.rest == rest


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("洪泽区司法局", True),
        ("微山县两城镇人民政府", True),
        ("两城镇人民政府", False),
        ("矿区统计局", False),
        ("阳泉市矿区统计局", True),
        ("朝阳区统计局", False),
    ],
)
def test_names_that_many_places_bear_need_the_place_above(text: str, sure: bool) -> None:
    assert (find_place(text).area is not None) is sure


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("310000", "上海市"),
        ("321322", "沭阳县"),
        ("320813", "淮安市洪泽区"),
        ("370826107", "微山县两城镇"),
        ("110101001", "北京市东城区东华门街道"),
        ("320576", "苏州工业园区"),
    ],
)
def test_full_names(code: str, name: str) -> None:
    assert full_name(areas()[code]) == name


def test_divisions_lie_in_one_another() -> None:
    town = areas()["370826107"]
    assert [area.code for area in chain(town)] == ["370000", "370800", "370826", "370826107"]
    assert [area.code for area in chain(areas()["110101"])] == ["110000", "110101"]
    assert [area.code for area in chain(areas()["429004"])] == ["420000", "429004"]
    assert lies_in(town, areas()["370800"]) and not lies_in(areas()["370800"], town)
    # Rows of the list without nine headings (市辖区, 省直辖县级行政区划 …) and three doubles.
    assert len(areas()) == 31 + 342 + 2_978 + 41_352 - 9 - 3
    assert [area.code for area in chain(areas()["441900"])] == ["440000", "441900"]
    assert all(re.fullmatch("[0-9]{4}00|[0-9]{6}|[0-9]{9}", code) for code in areas())


def test_codes_older_than_the_list() -> None:
    """洪泽 was a county, 320829, until 2016."""
    known = division("320829")
    assert known is not None and known.code == "320800"
    assert division("990000") is None


def test_credit_codes_seen_in_reports() -> None:
    seen = ("113708260043292687", "11370830004335465W", "113325000026455663", "11370303004217709K")
    assert all(map(is_credit_code, seen))
    page = f"https://example.org/a.jsp?area={seen[0]}&fbtime=2020 001008003004073 {seen[1]}/2022"
    assert credit_codes(page) == seen[:2]
    assert credit_codes("area=001008003004073, 113708260043292688") == ()
    assert credit_codes(seen[0] + "0") == (), "part of a longer number is no code"


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 16))
def test_a_slip_in_a_credit_code_is_found(organisation: str, where: int) -> None:
    first = "11370826" + organisation
    code = first + check_character(first)
    assert is_credit_code(code)
    other = "8" if code[where] != "8" else "9"
    assert not is_credit_code(code[:where] + other + code[where + 1 :])


@given(NAMES, st.sampled_from([None, "320813", "370826107"]))
def test_provisional_keys_are_stable_and_ascii(name: str, area: str | None) -> None:
    key = provisional_key(area, name)
    assert re.fullmatch("unregistered-[0-9a-f]{16}", key)
    assert key == provisional_key(area, f" {name}\u3000")
    assert not is_key(key), "no registered body may have such a key"


@given(NAMES, NAMES)
def test_distinct_names_have_distinct_keys(one: str, other: str) -> None:
    same_name = fold_name(one) == fold_name(other)
    assert (provisional_key(None, one) == provisional_key(None, other)) is same_name
    assert provisional_key("320813", one) != provisional_key("320829", one)
    assert provisional_key("320813", one) != provisional_key(None, one)


def test_a_provisional_key_is_the_same_for_ever() -> None:
    """Computed with sha256sum: a change here moves every published report."""
    assert provisional_key("320813", "人民政府") == "unregistered-25c11142ac99bff8"
    assert provisional_key(None, "沐阳县人民政府") == "unregistered-1c10dfe5013ab6a2"


@pytest.mark.parametrize(
    ("rest", "place", "office"),
    [
        ("人民政府", "洪泽区", "人民政府"),
        ("政府", "孝感市", "人民政府"),
        ("政府办公室", "孝感市", "人民政府办公室"),
        ("政府采购中心", "孝感市", "政府采购中心"),
        ("", "上海市", "人民政府"),
        ("", "东华门街道", "办事处"),
        ("", "苏州工业园区", "管理委员会"),
        ("", "浦东新区", "人民政府"),
        ("", "国营农场", ""),
    ],
)
def test_offices(rest: str, place: str, office: str) -> None:
    assert office_name(rest, place) == office

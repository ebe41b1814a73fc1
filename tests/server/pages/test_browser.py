"""Pages in a real browser: both languages, with and without script, on a desk and on a phone.

Debian's Chromium, driven by Playwright; axe-core for WCAG 2.2 AA. Without Chromium they skip.
"""

import csv
import io
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from gongkai.server.app import create_app
from gongkai.server.store.embedded import EmbeddedReader
from helpers.served import publish_for_pages

CHROMIUM = shutil.which("chromium")
expect.set_options(timeout=20_000)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="no chromium (Debian: chromium): pages are not looked at in a browser",
    ),
]

PAGES = {
    "home": "",
    "search": "search?q=公开",
    "compare": "compare?body=mohrss&body=moe&find=司法",
    "quality": "quality",
    "rule": "quality?rule=requests-applicants",
    "query": "sparql",
    "answer": "sparql?query=SELECT+*+{VALUES(%3Fname+%3Fn){(%22a%22+1)(%22b%22+2)}}",
    "failed": "sparql?query=SELECT",
    "catalog": "catalog",
    "help": "help",
    "vocabulary": "def",
    "rules": "shapes",
    "body": "doc/body/mohrss",
    "report": "doc/report/mohrss/2021",
    "left out": "doc/report/moe/2021",
    "observation": "doc/observation/requests/mohrss/2021/total/received",
    "code": "doc/code/stage/withheld",
    "codes": "doc/code/stage",
    "year": "doc/year/2019",
    "validation": "doc/validation/mohrss/2019",
    "history": "doc/history/mohrss/2019",
    "bodies": "search",
    "units": "compare?body=mohrss&indicator=disclosure/procurement/purchase-amount",
    "missing": "doc/body/nobody",
}
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
EXPECTED_TROUBLE = {"failed": 400, "missing": 404}

_FIRST_PAGE = 100_000
"""Bytes of a first page with all that it loads, but the query page with its editor."""

_RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
_LONG = ("vocabulary", "rules")
"""Pages of many terms, each like the next."""

_SHAPED = ("home", "search", "compare", "quality", "query", "answer", "body", "report")
"""Pages that are laid out anew on a phone."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser")
    publish_for_pages(folder, folder / "store")
    reader = EmbeddedReader(folder / "store")
    listening = make_server("127.0.0.1", 0, create_app(reader), threaded=True)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}/"
    listening.shutdown()
    reader.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Root has no sandbox in containers; nothing but this server is visited.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Seen:
    """What a page did while it was looked at."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.console: list[str] = []
        self.outside: list[str] = []
        self.page = context.new_page()
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.answers: list[Response] = []
        self.page.on("request", self._requested)
        self.page.on("response", self._answered)
        self._address = address

    def _answered(self, answer: Response) -> None:
        self.answers.append(answer)

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(self._address):
            self.outside.append(request.url)


@contextmanager
def looking(
    browser: Browser,
    address: str,
    language: str = "en",
    script: bool = True,
) -> Iterator[Seen]:
    context = browser.new_context(
        viewport=DESK,
        locale={"zh": "zh-CN", "en": "en-GB"}[language],
        java_script_enabled=script,
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(30_000)
    try:
        yield Seen(context, address)
    finally:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_with_script(browser: Browser, address: str, language: str) -> None:
    wrong = []
    with looking(browser, address, language) as seen:
        for name, path in PAGES.items():
            seen.console.clear()
            seen.page.set_viewport_size(DESK)
            answer = seen.page.goto(address + path)
            assert answer is not None and answer.status == EXPECTED_TROUBLE.get(name, 200), name
            if "sparql" in path:
                seen.page.locator(".editor").wait_for()
            wrong += trouble(seen.page, f"{name}, desk", language)
            if name not in _LONG or language == "en":
                wrong += barriers(seen.page, f"{name}, desk")
            seen.page.set_viewport_size(PHONE)
            wrong += trouble(seen.page, f"{name}, phone", language)
            if name in _SHAPED:
                wrong += barriers(seen.page, f"{name}, phone")
            if name in EXPECTED_TROUBLE:
                # The browser itself tells of the status.
                seen.console[:] = [text for text in seen.console if "Failed to load" not in text]
            wrong += [f"{name}: console: {text}" for text in seen.console]
        assert not seen.outside
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_without_script(browser: Browser, address: str, language: str) -> None:
    with looking(browser, address, language, script=False) as seen:
        for name, path in PAGES.items():
            answer = seen.page.goto(address + path)
            assert answer is not None and answer.status == EXPECTED_TROUBLE.get(name, 200), name
            for viewport in (DESK, PHONE):
                seen.page.set_viewport_size(viewport)
                expect(seen.page.locator("h1")).to_have_count(1)
                if "sparql" in path:
                    expect(seen.page.locator("textarea#query")).to_be_visible()
            expect(seen.page.locator("html")).to_have_attribute("lang", language)
        assert not seen.outside and not [text for text in seen.console if "Failed" not in text]


def barriers(page: Page, name: str) -> list[str]:
    """What axe-core finds on a page."""
    found = Axe().run(page, options=_RULES)
    return [
        f"{name}: {rule['id']}: {rule['help']}: "
        + "; ".join(str(node["target"]) for node in rule["nodes"][:3])
        for rule in found.response["violations"]
    ]


def trouble(page: Page, name: str, language: str) -> list[str]:
    """What is wrong with a page, whatever it shows."""
    told = page.evaluate(
        """() => ({
            lang: document.documentElement.lang,
            headings: document.querySelectorAll("h1").length,
            title: document.title,
            wide: document.documentElement.scrollWidth - innerWidth,
            small: [...document.querySelectorAll("button, input[type=checkbox], select")]
              .filter((one) => one.offsetParent)
              .filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < 18).length,
        })"""
    )
    wrong = []
    if told["lang"] != language:
        wrong.append(f"{name}: is in {told['lang']}")
    if told["headings"] != 1 or len(told["title"]) < 5:
        wrong.append(f"{name}: has no heading or title")
    if told["wide"] > 0:
        wrong.append(f"{name}: is {told['wide']} pixels too wide")
    if told["small"]:
        wrong.append(f"{name}: has {told['small']} controls too small to touch")
    return wrong


def test_a_first_page_is_light(browser: Browser, address: str) -> None:
    for name in ("home", "compare", "report", "body", "quality", "search"):
        with looking(browser, address) as seen:
            seen.answers.clear()
            seen.page.goto(address + PAGES[name], wait_until="networkidle")
            assert sum(len(answer.body()) for answer in seen.answers) < _FIRST_PAGE, name
            assert len(seen.answers) <= 3, "the page, its style, its icon"


def test_the_keyboard_alone_finds_a_report(browser: Browser, address: str) -> None:
    with looking(browser, address) as seen:
        page = seen.page
        page.goto(address)
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type("Human Resources")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*")
        body = page.get_by_role("link", name="Ministry of Human Resources and Social Security")
        tab_to(page, body)
        page.keyboard.press("Enter")
        page.wait_for_url("**/doc/body/mohrss*")
        report = page.get_by_role("link", name=re.compile("2020年人力资源"))
        tab_to(page, report)
        page.keyboard.press("Enter")
        page.wait_for_url("**/doc/report/mohrss/2020*")
        number = page.locator("table.form td a", has_text="413").first
        tab_to(page, number)
        outline = number.evaluate("one => getComputedStyle(one).outlineStyle")
        assert outline != "none"
        page.keyboard.press("Enter")
        page.wait_for_url("**/doc/observation/requests/mohrss/2020/total/received*")


def tab_to(page: Page, wanted: Locator, most: int = 250) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError("the keyboard does not get there")


def test_the_language_is_chosen_and_kept(browser: Browser, address: str) -> None:
    with looking(browser, address, "zh") as seen:
        page = seen.page
        page.goto(address + "compare?body=mohrss&indicator=requests/total/granted")
        expect(page.locator("html")).to_have_attribute("lang", "zh")
        page.get_by_role("link", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#result")).to_have_text("disclosed")
        page.get_by_label("Indicator").select_option("requests/total/handled")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("#result")).to_have_text("outcomes, total")
        page.get_by_role("link", name="Ministry of Human").first.click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("navigation").first.get_by_role("link", name="Quality").click()
        expect(page.locator("h1")).to_have_text("Quality")


def test_bodies_are_compared_and_taken_away(browser: Browser, address: str, tmp_path: Path) -> None:
    with looking(browser, address) as seen:
        page = seen.page
        page.goto(address + "compare?body=mohrss")
        page.get_by_label("Add a body").fill("教育")
        page.get_by_role("button", name="Show").click()
        page.get_by_label("Ministry of Education").check()
        page.get_by_label("2019", exact=True).check()
        page.get_by_label("2021", exact=True).check()
        page.get_by_role("button", name="Show").click()
        rows = page.locator("table.figures tbody tr")
        expect(rows).to_have_count(2)
        shown = {
            (row.locator("th").inner_text(), year): cell.inner_text().split()[0]
            for row in rows.all()
            for year, cell in zip(("2019", "2021"), row.locator("td").all(), strict=True)
        }
        assert shown["Ministry of Human Resources and Social Security", "2019"] == "376"
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        download.value.save_as(tmp_path / "file.csv")
        text = (tmp_path / "file.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(io.StringIO(text)):
            on_screen = shown.pop((row["name"], row["year"]))
            assert row["value"] == ("" if on_screen == "no" else on_screen)
        assert not shown
        page.get_by_role("link", name="SPARQL").click()
        expect(page.locator("table.result tbody tr")).to_have_count(4)
        expect(page.locator("table.result")).to_contain_text("376")


def test_the_editor_completes_runs_and_shares(browser: Browser, address: str) -> None:
    with looking(browser, address) as seen:
        page = seen.page
        page.goto(address + "sparql")
        content = page.locator(".editor .cm-content")
        content.click()
        page.keyboard.press("Control+a")
        page.keyboard.type("SELECT ?value { ?one stage:gran")
        option = page.locator(".editor .cm-tooltip-autocomplete li", has_text="stage:granted")
        expect(option.first).to_be_visible()
        # What has only just appeared is not taken by a key that was meant for the text.
        page.wait_for_timeout(200)
        page.keyboard.press("Enter")
        expect(content).to_contain_text("PREFIX stage: <http://localhost:8000/id/code/stage/>")
        expect(content).to_contain_text("stage:granted")

        page.keyboard.press("Control+a")
        page.keyboard.type('SELECT ?name ?n { VALUES (?name ?n) { ("one" 1) ("two" 22)')
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/sparql?*query=*")
        cells = page.locator("table.result td")
        expect(cells).to_have_text(["one", "1", "two", "22"])
        expect(page.locator(".chart rect")).to_have_count(2)
        expect(page.locator(".editor .cm-content")).to_contain_text('("two" 22)')

        page.get_by_role("button", name="Share").click()
        expect(page.locator("#share-status")).to_have_text("The link was copied.")
        shared = page.evaluate("navigator.clipboard.readText()")
        assert shared == page.locator("#shared").input_value()
        asked = parse_qs(urlsplit(shared).query)
        assert "VALUES (?name ?n)" in asked["edit"][0]
        page.goto(shared)
        expect(page.locator(".editor .cm-content")).to_contain_text('("two" 22)')
        expect(page.locator("table.result")).to_have_count(0)
        assert not seen.console and not seen.outside


def test_the_keyboard_leaves_the_editor(browser: Browser, address: str) -> None:
    with looking(browser, address) as seen:
        page = seen.page
        page.goto(address + "sparql")
        page.locator(".editor .cm-content").click()
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Run")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/sparql?*query=*")
        expect(page.locator("table.result td").first).to_be_visible()


def test_a_long_query_is_sent_in_the_body(browser: Browser, address: str) -> None:
    with looking(browser, address) as seen:
        page = seen.page
        page.goto(address + "sparql")
        page.locator(".editor .cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("SELECT (42 AS ?n) {} #" + "公" * 1000)
        page.keyboard.press("Control+Enter")
        expect(page.locator("table.result td")).to_have_text(["42"])
        assert "query=" not in page.url


def test_a_query_without_script(browser: Browser, address: str) -> None:
    with looking(browser, address, script=False) as seen:
        page = seen.page
        page.goto(address + "sparql")
        page.locator("#query").fill("SELECT (41 + 1 AS ?n) {}")
        page.get_by_role("button", name="Run").click()
        expect(page.locator("table.result td")).to_have_text(["42"])
        page.locator("#query").fill("SELECT")
        page.get_by_role("button", name="Run").click()
        expect(page.locator("#failed")).to_be_visible()
        expect(page.locator("#query")).to_have_value("SELECT")
        page.get_by_role("link", name="What became of the requests").click()
        expect(page.locator("table.result td").first).to_have_text("disclosed")


def test_pages_are_printed_without_what_only_a_screen_needs(browser: Browser, address: str) -> None:
    with looking(browser, address) as seen:
        page = seen.page
        page.goto(address + PAGES["report"])
        page.emulate_media(media="print")
        expect(page.locator("header")).to_be_hidden()
        expect(page.locator("table.form").first).to_be_visible()
        hidden = page.evaluate(
            "[...document.querySelectorAll('.scroll')].filter(b => b.scrollWidth > b.clientWidth"
            " && getComputedStyle(b).overflowX !== 'visible').length"
        )
        assert hidden == 0
        assert page.pdf(format="A4").startswith(b"%PDF")

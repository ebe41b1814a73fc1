"""Settings: each documented, each checked, a mistake told with its place."""

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import fields

from gongkai.ontology.texts import area
from gongkai.server.settings import BadSettings, Settings, StoreSettings
from gongkai.server.settings_sources import read_settings, with_environment
from helpers.commands import ROOT, gongkai
from helpers.languages import is_chinese


def test_every_setting_is_described_and_has_a_default() -> None:
    known = set()
    for section in fields(Settings):
        known.add(f"settings.section.{section.name}")
        for key in fields(section.type):
            known.add(f"settings.key.{section.name}.{key.name}")
            assert msgspec.convert(key.default, key.type) == key.default
    described = {key for key in area("settings") if re.match(r"settings\.(section|key)\.", key)}
    assert described == known


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Settings().server.port = 80  # type: ignore[misc]


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "gongkai.toml"
    path.write_text(example, encoding="utf-8")
    settings = read_settings(path)
    assert settings.server.workers == 2
    assert settings.catalog.publisher == "Example Institute"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[server]\nport = 0\n", r"\[server\] port must be .* at least 1 and at most 65535"),
        ("[server]\nport = 65536\n", r"\[server\] port must be .* at least 1 and at most 65535"),
        ("[server]\nport = '80'\n", r'\[server\] port must be a whole number, .*, not "80"$'),
        ("[server]\nport = true\n", r"\[server\] port must be a whole number, .*, not true$"),
        ("[server]\nprot = 80\n", r"\[server\] has no setting prot; it has host, port"),
        ("[servers]\nport = 80\n", r"there is no section \[servers\]; there are \[server\]"),
        ("server = 80\n", r"\[server\] must be a section, not 80$"),
        ("[server]\nport = 2020-01-01\n", r'port must be a whole number, .*, not "2020-01-01"$'),
        ("port = 80\n", r"there is no section \[port\]"),
        ("[server\n", "is no TOML"),
        ("[queries]\nseconds = 'x'\n", r"\[queries\] seconds must be a number"),
        ("[queries]\nmemory = 1\n", r"\[queries\] memory must be .* at least 1073741824"),
        ("[queries]\nseconds = -1\n", r"\[queries\] seconds must be .* at least 0.1"),
        ("[queries]\nseconds = 0\n", r"\[queries\] seconds must be .* at least 0.1"),
        ("[queries]\nseconds = nan\n", r"\[queries\] seconds must be .* at least 0.1"),
        ("[queries]\nseconds = inf\n", r"\[queries\] seconds must be .* at most 86400"),
        ("[queries]\npatience = inf\n", r"\[queries\] patience must be .* at most 3600"),
        ("[queries]\nmemory = 99999999999999999999\n", r"memory must be .* at most"),
        ("[clients]\nproxies = 17\n", r"\[clients\] proxies must be .* at most 16"),
        ("[queries]\nservices = ['file:///etc']\n", "is not the address of an endpoint"),
        ("[queries]\nservices = 'http://a/'\n", "must be a list of texts"),
        ("[clients]\nexempt = ['here']\n", "'here' is no network"),
        ("[clients]\nexempt = [1]\n", "must be a list of texts"),
        ("[log]\nformat = 'xml'\n", r"\[log\] format must be one of text, json"),
        ("[log]\nrequests = 1\n", "must be true or false"),
        ("[catalog]\nlicense = 'CC BY'\n", "is not an http address"),
        ("[catalog]\nlicense = 'http://a/>; rel=x'\n", "is not an http address"),
        ("[catalog]\nemail = 'nobody'\n", "is no address"),
        ("[catalog]\npublisher_type = 'X'\n", r"\[catalog\] publisher_type must be one of"),
        ("[catalog]\npage = 0\n", r"\[catalog\] page must be .* at least 1"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "gongkai.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings, match=said) as caught:
        read_settings(path)
    assert str(caught.value).startswith(str(path))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        read_settings(tmp_path / "none.toml")
    path = tmp_path / "gongkai.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadSettings, match="is no TOML"):
        read_settings(path)


def test_the_environment_overrides_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    written = StoreSettings(update="http://a/update", digest=True, credentials="a", dumps="b")
    variables = ("UPDATE", "DIGEST", "CREDENTIALS_FILE")
    for name in variables:
        monkeypatch.setenv(f"GONGKAI_STORE_{name}", "")
    assert with_environment(written) == written
    for name, value in zip(variables, ("http://b/update", "0", "c"), strict=True):
        monkeypatch.setenv(f"GONGKAI_STORE_{name}", value)
    assert with_environment(written) == StoreSettings(
        update="http://b/update", digest=False, credentials="c", dumps="b"
    )
    monkeypatch.setenv("GONGKAI_STORE_DIGEST", "on")
    with pytest.raises(BadSettings, match="GONGKAI_STORE_DIGEST must be 1 or 0, not 'on'"):
        with_environment(written)


def test_the_command_line_says_so_and_starts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.toml"
    path.write_text("[server]\nport = 99999\n", encoding="utf-8")
    result = gongkai("serve", "--config", path)
    assert result.exit_code == 2
    assert "port must be a whole number, at least 1 and at most 65535, not 99999" in result.output
    path.write_text("[server]\nport = 8000\n", encoding="utf-8")
    result = gongkai("serve", "--config", path)
    assert result.exit_code == 2
    assert "--store" in result.output


@pytest.mark.parametrize(
    "text",
    [
        "[server]\nport = 0\n",
        "[server]\nprot = 80\n",
        "[servers]\nport = 80\n",
        "server = 80\n",
        "[queries]\nseconds = 'x'\n",
        "[queries]\nservices = ['x']\n",
        "[clients]\nexempt = ['x']\n",
        "[catalog]\nemail = 'x'\n",
        "[catalog]\nhomepage = 'x'\n",
        "[log]\nrequests = 1\n",
        "[log]\nformat = 'x'\n",
        "[store]\nlocation = 1\n",
        None,
    ],
)
def test_mistakes_are_said_in_the_language_of_the_locale(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gongkai.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    said = []
    for locale in ("C.UTF-8", "zh_CN.UTF-8"):
        monkeypatch.setenv("LC_ALL", locale)
        with pytest.raises(BadSettings) as raised:
            read_settings(path)
        said.append(str(raised.value))
    english, chinese = said
    assert is_chinese(chinese, path) and not is_chinese(english, path)


def test_a_wrong_variable_is_said_in_the_language_of_the_locale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GONGKAI_STORE_DIGEST", "perhaps")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(BadSettings) as raised:
        with_environment(StoreSettings())
    assert str(raised.value) == "GONGKAI_STORE_DIGEST 须为 1 或 0，而不是 'perhaps'"

"""What a page declares: in its head, its title, and the mark of the program that saved it."""

import re

from lxml import etree

#: Names of meta elements, in lower case, for what they declare; the first is preferred. Those
#: without a prefix are prescribed for government sites (国办发〔2017〕47号).
_META = {
    "title": ("articletitle", "og:title", "dc.title"),
    # Not the name of the site: a government's site holds the reports of all its bureaus.
    "publisher": ("contentsource", "publisher", "dc.publisher"),
    "site": ("siteidcode",),
    "issued": ("pubdate", "publishdate", "article:published_time", "dc.date"),
    "identifier": ("indexnumber", "dc.identifier"),
    "address": ("og:url", "url"),
}
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_SAVED_WITHIN = 4096
_ADDRESS = re.compile(r"(?i)https?://\S+")

_ATTACHMENT = re.compile(r"(?i)[^/\\]+\.(pdf|docx?|wps|xlsx?|ofd)(?=$|[?#])")
_ATTACHED = {"a": "href", "embed": "src", "iframe": "src", "object": "data"}
_MOST_NAMED = 5


def declared(root: etree._Element, text: str) -> dict[str, str]:
    """What the page declares, under the names that ``Content`` prescribes."""
    metas: dict[str, str] = {}
    titles: list[str] = []
    headings: list[str] = []
    canonical = ""
    for element in root.iter("meta", "title", "link", "h1"):
        if element.tag == "meta":
            name = element.get("name") or element.get("property")
            content = _squeezed(element.get("content") or "")
            if name and content:
                metas.setdefault(name.strip().lower(), content)
        elif element.tag == "link":
            if (element.get("rel") or "").strip().lower() == "canonical":
                canonical = canonical or (element.get("href") or "").strip()
        else:
            words = _squeezed("".join(map(str, element.itertext())))
            (titles if element.tag == "title" else headings).append(words)
    found = {
        key: value
        for key, names in _META.items()
        if (value := next((metas[name] for name in names if name in metas), ""))
    }
    if "title" not in found and (title := _title(titles, headings)):
        found["title"] = title
    saved = _SAVED.search(text[:_SAVED_WITHIN])
    for address in (canonical, found.pop("address", ""), saved[1] if saved else ""):
        if _ADDRESS.fullmatch(address):
            found.setdefault("address", address)
    return found


def attachments(root: etree._Element) -> list[str]:
    """File names of the documents that the page shows or links to."""
    names: dict[str, None] = {}
    for element in root.iter(*_ATTACHED):
        match = _ATTACHMENT.search(element.get(_ATTACHED[str(element.tag)]) or "")
        if match:
            names[match[0]] = None
    return list(names)[:_MOST_NAMED]


def _title(titles: list[str], headings: list[str]) -> str:
    """The heading that the title repeats (beside the name of the site), else the title."""
    title = next((words for words in titles if words), "")
    repeated = [words for words in headings if words and (words in title or not title)]
    return max(repeated, key=len, default=title)


def _squeezed(text: str) -> str:
    return " ".join(text.split())

"""What an OpenDocument text itself marks as hidden, and no other format can express.

LibreOffice converts hidden sections, fields of hidden text and hidden paragraphs to visible text.
What the file marks as hidden when it was saved is removed before.
"""

from lxml import etree

from gongkai.converters.documents.archive import parse_xml
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.trees import take_out

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_HIDDEN, _DISPLAY = _TEXT + "is-hidden", _TEXT + "display"
_MARKERS = (b"is-hidden", b":display=", b"hidden-")


def without_hidden(content: bytes, limits: Limits) -> tuple[bytes, int]:
    """``content.xml`` without what is hidden (ODF 1.3, 5.4, 7.7.3, 7.7.4), and how much that was.

    A field of hidden text that is shown is left as it is.
    """
    if not any(marker in content for marker in _MARKERS):
        return content, 0
    root = parse_xml(content, "content.xml", limits)
    hidden = [section for section in root.iter(_TEXT + "section") if _is_hidden(section)]
    hidden += [field for field in root.iter(_TEXT + "hidden-text") if _says(field)]
    for field in root.iter(_TEXT + "hidden-paragraph"):
        paragraph = next(field.iterancestors(_TEXT + "p", _TEXT + "h"), None)
        if _says(field) and paragraph is not None:
            hidden.append(paragraph)
    taken = 0
    for element in hidden:
        if element.getparent() is not None:
            _take_out(element)
            taken += 1
    if not taken:
        return content, 0
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8"), taken


def _is_hidden(section: etree._Element) -> bool:
    display = section.get(_DISPLAY)
    return display == "none" or (display == "condition" and _says(section))


def _says(element: etree._Element) -> bool:
    return element.get(_HIDDEN) == "true"


def _take_out(element: etree._Element) -> None:
    """Remove an element, of a paragraph only the content; what follows it in the text stays."""
    if element.tag in (_TEXT + "p", _TEXT + "h"):
        for child in list(element):
            element.remove(child)
        element.text = None
    else:
        take_out(element)

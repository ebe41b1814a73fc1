"""Which language a message is in."""

import re

_CHINESE = re.compile("[\u3400-\u9fff]")
_ENGLISH = re.compile("[A-Za-z]{3,} [a-z]{2,}")


def is_chinese(text: str, *names: object) -> bool:
    """Whether a text is Chinese, with no English but ``names``."""
    for name in names:
        text = text.replace(str(name), "")
    return _CHINESE.search(text) is not None and _ENGLISH.search(text) is None

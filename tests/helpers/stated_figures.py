"""Figures that real reports state, counted by hand."""

# Read by hand: what the text of each real report says, and what its tables print (None: a cell of
# them is not stated). Shanghai contradicts itself in what was granted, and in what was unavailable.
REAL: dict[str, dict[str, tuple[int, int | None]]] = {
    "js-huaian-hongze-2023.pdf": {"received": (21, 21)},
    "js-huaian-hongze-2023.raw.txt": {"received": (21, 21)},
    "js-suqian-shuyang-drc-2023.html": {"received": (26, 26)},
    "sh-general-office-2019.html": {
        "received": (859, 859),
        "handled": (805, 805),
        "disclosed": (258, 275),
        "withheld": (35, 35),
        "unavailable": (265, 337),
        "not-processed": (158, 158),
        "other": (0, 0),
        "reconsiderations": (7, 7),
        "litigation": (9, None),
    },
}

"""Whether both engines come to the same verdict, on as many generated reports as asked for.

    .venv/bin/python bench/parity.py [REPORTS] [FIRST_SEED]

Makes the reports as tests/test_engines.py does; prints every difference, and how many there were.
"""

import multiprocessing
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from generated_reports import report_and_last_year
from test_engines import TOGETHER, differences, setwise


def batch(seed: int) -> tuple[int, int, list[str]]:
    """Reports compared, those among them that break a rule, and the differences."""
    random = Random(seed)
    pairs = [report_and_last_year(random, f"body-{number}") for number in range(TOGETHER)]
    drafts = [draft for pair in pairs for draft in pair if draft is not None]
    broken = sum(bool(setwise(draft, None)) for draft in drafts)
    return len(drafts), broken, [f"seed {seed}: {text}" for text in differences(pairs)]


def main() -> None:
    """Compare and print."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    compared = broken = different = 0
    with multiprocessing.get_context("spawn").Pool() as pool:
        seeds = range(first, first + wanted // TOGETHER + 1)
        for reports, with_findings, found in pool.imap(batch, seeds):
            compared, broken = compared + reports, broken + with_findings
            different += len(found)
            print(*found, sep="\n", end="\n" if found else "")
            if compared >= wanted:
                break
        pool.terminate()
    print(f"{compared} reports compared, {broken} of them with findings: {different} differences")


if __name__ == "__main__":
    main()

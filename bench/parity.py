"""Whether both engines come to the same verdict, on as many generated reports as asked for.

    .venv/bin/python bench/parity.py [REPORTS] [FIRST_SEED]

Makes the reports as the tests do; prints every difference, and how many there were.
"""

import multiprocessing
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from helpers.engine_parity import TOGETHER, compare


def main() -> None:
    """Compare and print."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    reports = broken = different = 0
    with multiprocessing.get_context("spawn").Pool() as pool:
        for compared in pool.imap(compare, range(first, first + wanted // TOGETHER + 1)):
            reports, broken = reports + compared.reports, broken + compared.broken
            different += len(compared.differences)
            for text in compared.differences:
                print(text)
            if reports >= wanted:
                break
        pool.terminate()
    print(f"{reports} reports compared, {broken} of them with findings: {different} differences")


if __name__ == "__main__":
    main()

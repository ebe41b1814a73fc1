"""What worked examples take over a store: processor time of the query alone.

    .venv/bin/python bench/examples.py STORE/current [FOLDER_OF_QUERIES] [--cold]

The base address is the default one. Each query runs in a process of its own, which ends after a
minute; with ``--cold`` the files of the store are thrown out of the system's cache before.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph

EXAMPLES = Path(__file__).parent.parent / "server" / "examples"
SECONDS = 60


def forget(store: Path) -> None:
    """Throw the files of a store out of the system's cache."""
    for path in store.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def ask(store: Path, query: Path) -> None:
    """Run a query, and print what it took and how many rows it found."""
    opened = pyoxigraph.Store.read_only(str(store))
    begin = time.process_time()
    found = opened.query(query.read_text(encoding="utf-8"), use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QuerySolutions), "examples are SELECT queries"
    rows = sum(1 for _ in found)
    print(f"{query.stem:<32}{time.process_time() - begin:>8.2f} s{rows:>8} rows", flush=True)


def main() -> None:
    """Run each query in turn."""
    given = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("--")]
    if len(given) == 2 and given[1].is_file():
        ask(*given)
        return
    for query in sorted((given[1] if len(given) > 1 else EXAMPLES).glob("*.rq")):
        if "--cold" in sys.argv:
            forget(given[0])
        try:
            subprocess.run([sys.executable, __file__, given[0], query], timeout=SECONDS, check=True)
        except subprocess.TimeoutExpired:
            print(f"{query.stem:<32}  > {SECONDS} s", flush=True)


if __name__ == "__main__":
    main()

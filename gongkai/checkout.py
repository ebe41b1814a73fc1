"""Whether the package is whole: a checkout without symbolic links lacks most of it.

``setup.py`` runs this file by its path, before anything is installed: it imports nothing of ours.
"""

from pathlib import Path

LINKS = ("converters", "ontology", "samples", "server", "shapes")
"""Links in the repository, folders wherever the package is installed."""


def require_links(package: Path = Path(__file__).parent) -> None:
    """Raise ImportError, in one sentence that says what to do, if a folder is missing."""
    missing = [f"gongkai/{name}" for name in LINKS if not (package / name).is_dir()]
    # A package that is imported from an archive has no folders.
    if missing and package.is_dir():
        names = " ".join(missing)
        raise ImportError(
            f"gongkai is not whole, since {', '.join(missing)} must be symbolic links to the "
            "folders beside gongkai/ and are not: clone the repository where links work (on "
            "Windows in developer mode), or repair this one with “git config core.symlinks true” "
            f"and “git checkout -- {names}”."
        )

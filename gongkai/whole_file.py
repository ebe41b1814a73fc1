"""Write files completely or not at all."""

from pathlib import Path


def write_whole(target: Path, content: bytes) -> None:
    """Write a file completely or not at all."""
    new = target.with_name(target.name + ".new")
    new.write_bytes(content)
    new.replace(target)

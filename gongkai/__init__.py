"""gongkai (公开): annual reports on open government information as linked open data."""

from gongkai.version import __version__

__all__ = ["__version__"]

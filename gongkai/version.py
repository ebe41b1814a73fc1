"""The version of gongkai, which every conversion records."""

__version__ = "0.1.0"

"""Files to download: reports in several formats, and the whole store."""

"""Resources of the store behind their URIs."""

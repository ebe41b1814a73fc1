"""The catalog that portals harvest: DCAT, schema.org, feeds, the change log."""

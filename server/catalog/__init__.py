"""The catalog for harvesting: DCAT, schema.org, feeds, the change log."""

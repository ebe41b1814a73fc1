"""Work in processes of its own, so that no file harms another."""

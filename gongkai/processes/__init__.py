"""Work in child processes, so that no file harms another."""

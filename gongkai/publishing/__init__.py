"""Reports into a store: their graphs, histories, what they share, links and comparison."""

"""Articles as data, and their folder read; knows no index."""

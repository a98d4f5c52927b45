"""A real cluster, and what is measured on it; not part of the tests that CI runs."""

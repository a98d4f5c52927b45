"""Passages on an OpenSearch cluster: written by ``writing``, asked by ``library``."""

"""Searching by words: what is indexed, the index, and how a search is read."""

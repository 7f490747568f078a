"""Fetching pages politely and safely; knows nothing of what stands on them."""

from peelgraph.graph.fetching.addresses import Policy
from peelgraph.graph.fetching.fetcher import Clock, Fetcher, Page
from peelgraph.graph.fetching.kept import AddressBook, capture_address

__all__ = ["AddressBook", "Clock", "Fetcher", "Page", "Policy", "capture_address"]

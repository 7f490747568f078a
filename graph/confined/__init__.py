"""Confined processes: what they take away from themselves, and how one function runs in them."""

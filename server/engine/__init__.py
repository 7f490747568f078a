"""Where queries run: one interface, and the pool of worker processes behind it."""

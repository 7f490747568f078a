"""Writes one line for every request and every event, and never holds anybody up."""

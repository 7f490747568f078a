"""Turns one decoded SPARQL request into one reply, whichever server it came through."""

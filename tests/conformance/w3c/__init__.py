"""Reads the W3C's test suites for SPARQL and judges answers by them."""

"""Writes by strangers with a token: applied to a stage in a confined process, then published."""

"""The pages that people read about the data."""

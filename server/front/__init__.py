"""The web server: one event loop that parses, answers queries, and hands all else to Flask."""

"""SPARQL 1.1 Protocol without a web framework: requests in, formats and problems out."""

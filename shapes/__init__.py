"""The SHACL shapes: RDF files only."""

"""The ontology, its concept schemes and examples: RDF files only."""

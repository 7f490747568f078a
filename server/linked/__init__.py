"""Every published address answers: things, documents, sets and graphs, to people and programs."""

"""Programs and people who ask: saved queries with parameters, their description, the editor."""

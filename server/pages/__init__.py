"""What is at each address: one module per section, templates and style beside them."""

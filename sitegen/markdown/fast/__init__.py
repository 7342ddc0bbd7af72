"""Python-Markdown without trying what a text does not call for: the same HTML, sooner."""

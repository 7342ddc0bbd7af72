"""Guarded fast paths of Python-Markdown: the same HTML, in less time."""

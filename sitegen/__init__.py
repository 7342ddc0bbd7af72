"""sitegen: Markdown articles in, a complete news site out."""

__version__ = "0.1.0"

"""HTML: scanning tags, finishing bodies, sanitising, highlighting code."""

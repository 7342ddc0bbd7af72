"""Markdown → HTML with markers: the two engines, and what they share."""

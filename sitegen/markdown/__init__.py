"""Markdown → HTML with placeholders for references: the two engines, and what they share."""

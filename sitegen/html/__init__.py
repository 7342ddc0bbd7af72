"""HTML texts: scanning, finishing, sanitising, highlighting."""

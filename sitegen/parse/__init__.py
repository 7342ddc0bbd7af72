"""Bytes → document: front matter, dialects, fields, dates, identity."""

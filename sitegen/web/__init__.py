"""The web: fetching from the public web, guarded; serving files."""

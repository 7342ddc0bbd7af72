"""The configuration: its keys with their documentation, and reading them from the file."""

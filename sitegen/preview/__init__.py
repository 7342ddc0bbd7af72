"""The preview server, with live reload."""

"""The receiver: what readers and other sites send becomes files for a moderator."""

"""Folders → settled batches of changed paths → builds."""

"""Watching a site: file events → batches of changed paths → builds."""

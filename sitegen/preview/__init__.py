"""The preview: a server that shows the site while it is written."""

"""The build itself: its stages in order, stale outputs, what a long-lived process keeps."""

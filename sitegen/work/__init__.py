"""Work on many items at once: executors, files for executors, garbage collection."""

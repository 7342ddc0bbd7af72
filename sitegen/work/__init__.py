"""Work on many things at once: executors, files for executors, the garbage collector's pause."""

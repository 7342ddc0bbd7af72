"""One module a command: `declare` says its options, `run` does it and returns the exit code.

What a command needs is imported when it runs, so that `--help` is instant.
"""

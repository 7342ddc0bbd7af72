"""One module a command: `add_arguments` adds its options, `run` does it and returns the exit code.

What a command needs is imported when it runs, so that `--help` is instant.
"""

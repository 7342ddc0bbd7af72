"""Scripts that make parts of these pages: run them with `make docs` and `make screenshots`."""

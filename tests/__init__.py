"""The tests of sitegen: `tests/test_<module>.py` for each module of the package."""

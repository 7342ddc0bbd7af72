"""The benchmark: sitegen beside other static site generators, on the same articles and pages."""

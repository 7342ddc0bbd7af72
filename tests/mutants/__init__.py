"""Changes single lines of the pure modules, and counts which changes their tests notice.

`make mutants` runs it: `mutations` says what is changed, `mirrors` which tests ought to notice,
`trials` runs them. Not mutmut: that chooses tests by the lines that they run, wherever they lie.
"""

"""Changes single lines of the pure modules, and counts which changes their tests notice.

`make mutants` runs it: `mutations` says what is changed, `mirrors` which tests ought to notice,
`trials` runs them. Of mutmut and cosmic-ray neither can be told which tests mirror a module.
"""

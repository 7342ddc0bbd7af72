"""`sitegen check`: what is wrong with a site that builds. Read `check.flow` first."""

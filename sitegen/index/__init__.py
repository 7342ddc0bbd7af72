"""Documents → `Site`: what is published, in which order, under which terms."""

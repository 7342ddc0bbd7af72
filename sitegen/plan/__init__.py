"""`Site` → outputs: which files the site consists of; redirects and files for hosts."""

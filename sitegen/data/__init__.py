"""Data files → values that templates ask for. `files` finds and keeps them, `reading` reads one."""

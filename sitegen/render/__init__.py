"""An output → its page: the Jinja environment and what templates can call."""

"""An output → its page: the Jinja environment, and the functions that templates call."""

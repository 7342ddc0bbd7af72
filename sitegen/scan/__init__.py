"""Files → `Source`: what lies in a site folder, and which of it changed."""

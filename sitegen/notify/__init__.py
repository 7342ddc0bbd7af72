"""Tells other sites that our articles link to their pages: Webmention, Pingback, TrackBack."""

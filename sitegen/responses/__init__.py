"""Responses of readers and other sites: their files, threads, moderation."""

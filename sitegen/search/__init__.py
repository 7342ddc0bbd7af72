"""The search index: what of each article is found, in shards by year and language."""

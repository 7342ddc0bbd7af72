"""The nouns that all packages share: documents, answers, problems, URLs; frozen."""

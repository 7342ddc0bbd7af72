"""The nouns that all floors share: documents, answers, problems, addresses; frozen."""

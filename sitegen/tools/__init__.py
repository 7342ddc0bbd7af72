"""What the smaller commands do: new files, ids, addresses, explanations, verification."""

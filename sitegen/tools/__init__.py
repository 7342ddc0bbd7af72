"""What commands do beside building."""

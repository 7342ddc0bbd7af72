"""Proof that incremental builds are exact: they leave what a clean build would make."""

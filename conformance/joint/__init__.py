"""Joint tests: a relay between two systems, and watching one system."""

"""The suite: checks a real implementation of a role against the register, and says how it knows."""

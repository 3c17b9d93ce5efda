"""Generated messages and generated sequences of calls."""

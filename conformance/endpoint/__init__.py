"""The endpoint under test: the one sender, reading back, and cleaning up after a run."""

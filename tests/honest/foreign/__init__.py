"""Honest implementations of other makes: each in the habits of its own framework, checked as a process."""

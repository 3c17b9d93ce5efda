"""Tests of the pure rooms of the suite: laws as properties, and each finding by an example."""

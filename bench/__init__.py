"""Measures the mock beside others, and the suite beside a bare loop; writes docs/benchmarks.md."""

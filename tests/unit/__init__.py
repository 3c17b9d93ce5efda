"""Tests of single modules, in the process of the tests; the folders mirror the rooms."""

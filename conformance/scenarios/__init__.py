"""The scenarios: one package per edition and role, one module per option or flow.

A docstring tells the vendor's developer what the system under test should do. Data of one scenario is
never used by another, so any of them can run alone, and in any order.
"""

"""Implementations that follow the contract, each in its own way: a check must accuse none of them."""

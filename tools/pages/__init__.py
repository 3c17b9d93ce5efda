"""Writes the parts of the documentation that are made: tables from the register and the commands, and pictures."""

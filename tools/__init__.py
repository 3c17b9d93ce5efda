"""Writes what is generated in the repository: pages, pictures, the kill table and the sample report."""

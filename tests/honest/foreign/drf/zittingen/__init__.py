"""Sessions and who takes part in them, as a Django application."""

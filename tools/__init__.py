"""Programs for whoever maintains this project: they generate what is stored, and check that it is in step."""

"""Flow 2: registering a session and its participants at a Toetsafname."""

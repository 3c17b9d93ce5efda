"""Flow 4: reading the session report (4.2), and what a Toetsafname sends itself (4.1)."""

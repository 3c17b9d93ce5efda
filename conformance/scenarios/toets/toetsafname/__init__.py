"""What a Toetsafname endpoint is asked: flow 2, reading in flow 4.2, and what holds everywhere."""

"""What a Toetsplanning endpoint is asked: receiving the report in flow 4.1, and what holds everywhere."""

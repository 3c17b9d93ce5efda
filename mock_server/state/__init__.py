"""What a mock remembers: stores, sandboxes, seed data and planned faults."""

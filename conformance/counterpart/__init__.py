"""The mock of the other system that the system under test calls, and what its calls show."""

"""What should be true: the model of an endpoint and comparisons with it. Pure: no HTTP, no clock."""

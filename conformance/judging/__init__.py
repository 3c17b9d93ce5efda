"""From findings to outcomes per rule, and from outcomes to a verdict. Pure: no HTTP, no clock."""

"""Pure modules of the mock, one by one."""

"""The mock: a counterpart that plays either role, remembers what it is sent, and judges every call."""

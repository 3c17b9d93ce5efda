"""The mock as a client: performs the flows of its role against a peer."""

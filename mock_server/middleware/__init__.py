"""The ASGI layers around the conversation."""

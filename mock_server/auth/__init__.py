"""Who may call: authentication schemes and the authorization server."""

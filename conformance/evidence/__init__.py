"""Evidence: exchanges, their recording, and the findings that rest on them."""

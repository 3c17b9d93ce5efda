"""The journal of exchanges: keeping, finding and showing them."""

"""What messages of the edition `toets` mean for the state. Pure."""

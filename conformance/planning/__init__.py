"""What a check runs: scenarios tied to rules, and the plan of one check."""

"""Real servers that are killed while people submit: what was acknowledged must be there."""

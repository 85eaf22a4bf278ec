"""What goes together with the outcome."""

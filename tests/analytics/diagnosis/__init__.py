"""What holds units back and how far they have come."""

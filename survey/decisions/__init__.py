"""What people decide about recommendations."""

"""What the command line shows to people; it computes nothing."""

"""What may be shown: which groups are hidden, and which figures that leaves."""

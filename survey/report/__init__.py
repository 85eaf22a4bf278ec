"""What a release says to people, as data without markup: one module per question."""

"""What holds for every file of the project, whatever it does."""

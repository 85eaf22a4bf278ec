"""HTTP and the command line: translates, decides nothing."""

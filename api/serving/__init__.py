"""How the program runs: processes, signals, logs."""

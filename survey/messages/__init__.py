"""Ways out of the building: how messages reach people."""

"""Work that takes longer than a request: the queue and the worker."""

"""What all requests share: authentication, errors, limits, paging, idempotency."""

"""The HTTP interface, called as a caller would: status, body, headers."""

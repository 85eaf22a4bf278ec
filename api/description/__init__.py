"""The description of the API (OpenAPI 3.1), derived from the handlers, complete and true."""

"""Bodies on the wire, one module per resource: camelCase, unknown fields refused."""

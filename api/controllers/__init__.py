"""One controller per resource: translate, call a use case, translate back."""

"""Questionnaires: definition, checks, drafts and published versions."""

"""One file per change, never edited once released; migrations do not import our tables."""

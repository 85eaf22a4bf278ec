"""One file per change, never edited once released; tables of ours are not imported."""

"""Estimation that every method family uses: variances, shrinkage, multiplicity, draws."""

"""The material of an analysis: answers, the tree of units, and the scores of every group."""

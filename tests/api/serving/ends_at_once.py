"""A program that ends before it serves anything."""

import sys

if __name__ == "__main__":
    sys.exit(3)

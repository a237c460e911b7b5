"""Runs the command line as ``python -m ofncore.cli``."""

import sys

from ofncore.cli import main

if __name__ == "__main__":
    sys.exit(main())

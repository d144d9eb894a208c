"""What `python -m corridor` runs: the same command as `corridor`."""

import sys

from corridor.cli import main

if __name__ == "__main__":
    sys.exit(main())

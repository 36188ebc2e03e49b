"""What anychat costs, measured against the least that a widget could do: see README.md."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The repository."""

sys.path.append(str(ROOT / "tests"))  # the notebooks, kernels and pages that the tests are made of

"""How Hypothesis works in all tests."""

import os

from hypothesis import settings

# A busy machine is no defect, so nothing is timed. Where the answer decides (CI is set), the examples are always the
# same, so that one change cannot be blamed for what another one missed; elsewhere each run looks for new ones.
settings.register_profile("ofncore", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.load_profile("ofncore")

"""Short texts that tell one content from every other."""

import hashlib
import json
from collections.abc import Mapping


def fingerprint(content: Mapping[str, object]) -> str:
    """Return the same text for the same *content*, whatever the order of its keys, and another one for every other.

    What JSON has no form for, such as an instant, counts by its text.
    """
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()

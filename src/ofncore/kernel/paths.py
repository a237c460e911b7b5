"""Places in what somebody asks for, such as ``$.outgoing[hub].variants[eggs]``.

Fields go by their names, things by their ids: a place means the same whatever order things are sent in. An id that
could be read in another way is quoted as in JSON: ``$.incoming["12"]``, ``$.incoming["a]b"]``.
"""

import json
import re
from typing import Final

#: Without anything that ends a step, and no number, which would be a position.
_PLAIN_KEY: Final = re.compile(r"(?![0-9]+\Z)[A-Za-z0-9_-]+")
_STEP: Final = re.compile(r"""\.([A-Za-z_][A-Za-z0-9_]*)|\[(?:([A-Za-z0-9_-]+)|("(?:[^"\\]|\\.)*"))\]""")


def keyed(path: str, key: str) -> str:
    """Return the place of the thing with the id *key* in the collection at *path*."""
    return f"{path}[{key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)}]"


def steps(path: str) -> tuple[str, ...]:
    """Return the names and ids that *path* is made of, from the outside in; ``$`` has none."""
    return tuple(name or plain or json.loads(quoted) for name, plain, quoted in _STEP.findall(path))

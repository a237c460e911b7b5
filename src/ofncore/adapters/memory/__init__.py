"""Storage in memory: for tests, rehearsals and short programs. Nothing outlives the process.

>>> storage = MemoryStorage()
>>> with storage() as work:
...     work.settings.put("colour", "green")
>>> with storage() as work:
...     work.settings.find("colour")
'green'
"""

from ofncore.adapters.memory.storage import MemoryStorage

__all__ = ["MemoryStorage"]

"""The folder that the demo writes into, and the list of what it made there.

A new demo replaces what an earlier one made, and nothing else. Each name goes on the list before the file is made, so
that the list is complete after a crash too.
"""

from pathlib import Path
from typing import Final

from ofncore.adapters.mail import MailFolder
from ofncore.adapters.mail.folder import file_name
from ofncore.model.message import Message

#: Name of the list.
LIST: Final = "made-by-demo.txt"
REPORT: Final = "report.html"
DATABASE: Final = "hub.sqlite"
BANK: Final = "bank.sqlite"
EXPORT: Final = "export.json"
MAIL: Final = "mail"

#: What SQLite keeps beside a database.
_BESIDE: Final = ("", "-wal", "-shm", "-journal")


class DemoFolder:
    """The files of one demo, below *path*."""

    def __init__(self, path: Path, *, with_database: bool) -> None:
        self.path: Final = path
        #: The database is one of the demo's own files.
        self.has_database: Final = with_database
        databases = (DATABASE, BANK) if with_database else (BANK,)
        beside = (name + suffix for name in databases for suffix in _BESIDE)
        self._names: Final = (REPORT, EXPORT, *beside)

    def not_ours(self) -> tuple[Path, ...]:
        """Return the files that the demo would write over but no demo made.

        It is the path itself if that is no folder, or one with something in it where no demo has been.
        """
        if self.path.exists() and not self.path.is_dir():
            return (self.path,)
        if not (self.path / LIST).is_file() and _is_filled(self.path):
            return (self.path,)
        ours = set(self._listed())
        taken = (self.path / name for name in (*self._names, MAIL))
        return tuple(path for path in taken if _is_in_the_way(path) and path.name not in ours)

    def begin(self) -> None:
        """Make the folder, and remove what an earlier demo made in it."""
        self.path.mkdir(parents=True, exist_ok=True)
        listed = self._listed()
        kept = [name for name in listed if name.startswith(DATABASE) and name not in self._names]
        for name in listed:
            if name not in kept and (self.path / name).is_file():
                (self.path / name).unlink()
        names = dict.fromkeys((*kept, *self._names, MAIL))
        (self.path / LIST).write_text("".join(f"{name}\n" for name in names), encoding="utf-8")

    def claim(self, name: str) -> None:
        """Put one more name on the list."""
        with (self.path / LIST).open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")

    def mails(self) -> tuple[Path, ...]:
        """Return the mails that this demo wrote."""
        listed = (self.path / name for name in self._listed() if name.startswith(f"{MAIL}/"))
        return tuple(path for path in dict.fromkeys(listed) if path.is_file())

    def _listed(self) -> tuple[str, ...]:
        try:
            text = (self.path / LIST).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        names = (line.strip() for line in text.splitlines())
        return tuple(name for name in names if name and _stays_inside(name))


class ListedMail:
    """A notifier that writes mails into the mail folder of a demo, each on the list."""

    def __init__(self, folder: DemoFolder) -> None:
        self._folder = folder
        self._mail = MailFolder(folder.path / MAIL)

    def send(self, message: Message) -> str | None:
        """Write *message*."""
        self._folder.claim(f"{MAIL}/{file_name(message)}")
        return self._mail.send(message)


def _is_filled(path: Path) -> bool:
    return path.is_dir() and any(path.iterdir())


def _is_in_the_way(path: Path) -> bool:
    if path.name == MAIL:
        return path.exists() and (not path.is_dir() or _is_filled(path))
    return path.exists()


def _stays_inside(name: str) -> bool:
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts

"""The mail folder that `tick` writes: one message is one file, complete or absent."""

import threading
from email import message_from_bytes
from pathlib import Path

import pytest

from ofncore.adapters.mail import MailFolder
from ofncore.adapters.mail.folder import as_mail, file_name
from ofncore.testing.worlds import message

MESSAGE = message(to="anna@example.org", subject="Œufs", body="Six œufs, à 3,20 €.\n")


def test_a_message_is_one_mail_file(tmp_path: Path) -> None:
    assert MailFolder(tmp_path / "post" / "out", sender="hub@example.org").send(MESSAGE) is None
    (file,) = (tmp_path / "post" / "out").iterdir()
    mail = message_from_bytes(file.read_bytes())
    assert file.name == file_name(MESSAGE)
    assert (mail["To"], mail["From"]) == ("anna@example.org", "hub@example.org")


def test_a_repeat_leaves_one_file(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path)
    assert [folder.send(MESSAGE) for _ in range(3)] == [None] * 3
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [as_mail(MESSAGE, "noreply@localhost").as_bytes()]


def test_the_draft_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    (tmp_path / f"{file_name(MESSAGE)}.0a1b2c3d.part").write_bytes(b"Message-ID: <half")
    assert MailFolder(tmp_path).send(MESSAGE) is None
    assert [path.name for path in tmp_path.iterdir()] == [file_name(MESSAGE)]


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Friday", encoding="utf-8")
    MailFolder(tmp_path).send(MESSAGE)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "Friday"


def test_a_folder_that_cannot_be_written_to_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "post").write_text("no folder", encoding="utf-8")
    assert MailFolder(tmp_path / "post").send(MESSAGE) == "FileExistsError: File exists"


@pytest.mark.parametrize("round_", range(3))
def test_writers_at_once_take_nothing_from_each_other(tmp_path: Path, round_: int) -> None:
    """Each begins by removing drafts, perhaps one that another is about to use."""
    messages = [message(f"order-{number}") for number in range(40)]
    reasons: list[str | None] = []

    def write() -> None:
        folder = MailFolder(tmp_path)
        reasons.extend(folder.send(each) for each in messages)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reasons == [None] * (6 * len(messages))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        file_name(each): as_mail(each, "noreply@localhost").as_bytes() for each in messages
    }

"""The mail folder that `tick` writes: one message is one file, complete or absent."""

import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.adapters.mail import DEFAULT_SENDER, MailFolder
from ofncore.adapters.mail.folder import as_mail, file_name
from ofncore.testing.worlds import message

MESSAGE = message(to="anna@example.org", subject="Œufs", body="Six œufs, à 3,20 €.\n")


def test_a_message_is_one_mail_file(tmp_path: Path) -> None:
    assert MailFolder(tmp_path / "post" / "out", sender="hub@example.org").send(MESSAGE) is None
    (file,) = (tmp_path / "post" / "out").iterdir()
    mail = message_from_bytes(file.read_bytes())
    assert file.name == file_name(MESSAGE)
    assert (mail["To"], mail["From"]) == ("anna@example.org", "hub@example.org")


def test_a_letter_reads_as_text(tmp_path: Path) -> None:
    long_line = "Trente bottes de radis, à 2,10 €, et des œufs. " * 2
    MailFolder(tmp_path).send(message(body=f"{MESSAGE.body}{long_line}\n"))
    (file,) = tmp_path.iterdir()
    text = file.read_text(encoding="utf-8")
    assert "Content-Transfer-Encoding: 8bit" in text
    assert f"Six œufs, à 3,20 €.\n{long_line}\n" in text


@given(body=st.text(alphabet="aé€ \n=.", max_size=400) | st.integers(min_value=330, max_value=1010).map("é".__mul__))
def test_a_mail_program_reads_the_body_as_it_was_written(body: str) -> None:
    """Also one with lines longer than the 998 bytes that a mail may have; the last line gets its end."""
    content = as_mail(message(body=body), DEFAULT_SENDER).as_bytes()
    read = message_from_bytes(content, policy=SMTP)
    assert isinstance(read, EmailMessage)
    assert read.get_content().replace("\r\n", "\n").removesuffix("\n") == body.removesuffix("\n")
    assert read["Content-Transfer-Encoding"] in {"8bit", "quoted-printable"}
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_a_repeat_leaves_one_file(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path)
    assert [folder.send(MESSAGE) for _ in range(3)] == [None] * 3
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [as_mail(MESSAGE, DEFAULT_SENDER).as_bytes()]


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
        file_name(each): as_mail(each, DEFAULT_SENDER).as_bytes() for each in messages
    }

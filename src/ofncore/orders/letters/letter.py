"""A letter, and what all letters have in common."""

from collections.abc import Iterable

import attrs

from ofncore.kernel.catalogue import one_line, text
from ofncore.kernel.refusals import Parameters, ParameterValue
from ofncore.model.enterprise import Enterprise

#: Lines that stand together.
Paragraph = tuple[str, ...]


@attrs.frozen
class Letter:
    """A message in its final words, as plain text."""

    #: One line, without control characters.
    subject: str = attrs.field(converter=one_line)
    #: Paragraphs are parted by an empty line; lines end in a line feed.
    body: str


@attrs.frozen(kw_only=True)
class Words:
    """The words of letters for one reader."""

    locale: str
    #: Time zone of the shop.
    zone: str

    def say(self, key: str, /, **parameters: ParameterValue) -> str:
        """Return the text of *key*, which stands under ``letter`` in the catalogues."""
        return text(f"letter.{key}", self.locale, Parameters.of(**parameters), zone=self.zone)

    def heading(self, key: str, /) -> str:
        """Return the text of *key* with a colon, as this language sets it."""
        return self.say("heading", label=self.say(key))

    def greeting(self, name: str) -> Paragraph:
        """Greet by *name*, or without one if it is blank."""
        return (self.say("greeting", name=name) if one_line(name) else self.say("greeting_nameless"),)


def written(subject: str, *paragraphs: Iterable[str]) -> Letter:
    """Return a letter of *paragraphs*; empty ones are left out."""
    bodies = ("\n".join(lines) for lines in paragraphs)
    return Letter(subject, "\n\n".join(body for body in bodies if body) + "\n")


def signature(sender: Enterprise) -> Paragraph:
    """Return the sender's name and where to reach it."""
    lines = (one_line(part) for part in (sender.name, sender.email or "", sender.phone or ""))
    return tuple(line for line in lines if line)


def listed(lines: Iterable[str]) -> Paragraph:
    """Return *lines* as items of a list."""
    return tuple(f"- {line}" for line in lines)


def free_text(value: str, margin: str = "  ") -> Paragraph:
    """Return what somebody typed, line by line, behind a *margin*, so that it cannot pass for the letter's own words.

    Blank lines are left out.
    """
    lines = (one_line(line) for line in value.splitlines())
    return tuple(f"{margin}{line}" for line in lines if line)


def quoted(heading: str, value: str) -> Paragraph:
    """Return what somebody typed as a quotation below *heading*, or nothing if it is blank."""
    lines = free_text(value, "> ")
    return (heading, *lines) if lines else ()

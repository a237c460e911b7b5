"""Reads an HTML page strictly: every element that must be closed is closed, in order."""

from html.parser import HTMLParser
from typing import Final

_VOID: Final = {"meta", "br", "hr", "img", "input", "link", "wbr"}


class Page(HTMLParser):
    """A page, read."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        #: Every attribute that has a value, with its element.
        self.attributes: list[tuple[str, str, str]] = []
        #: Of each picture, its titles and descriptions.
        self.pictures: list[dict[str, str]] = []
        self.text = ""
        self._depth = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag in _VOID:
            return
        if tag == "svg" and "svg" not in self.open:
            self.pictures.append({})
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> inside {self.open[-3:]} at {self.getpos()}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        # The title and the description of the picture itself, not of a shape in it.
        if self.open[-2:-1] == ["svg"] and self.open.count("svg") == 1:
            self.pictures[-1].setdefault(self.open[-1], data.strip())

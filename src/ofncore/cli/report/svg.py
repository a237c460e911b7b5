"""Pictures as inline SVG.

Places along are percentages, heights are pixels: a picture takes the width it is given, and its texts keep their size.
"""

from markupsafe import Markup, escape


def element(name: str, *inner: str, **attributes: object) -> Markup:
    """Return an element. Names of attributes are written with ``_`` for ``-``; a last ``_`` is dropped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{''.join(map(escape, inner))}</{name}>")  # noqa: S704 - every part is escaped


def picture(key: str, *inner: str, title: str, about: str, height: int, class_: str = "") -> Markup:
    """Return a picture with its *title* and what it is *about*, for those who do not see it; *key* is unique."""
    names = (f"{key}-title", f"{key}-about")
    return element(
        "svg",
        element("title", title, id=names[0]),
        element("desc", about, id=names[1]),
        *inner,
        role="img",
        aria_labelledby=" ".join(names),
        width="100%",
        height=height,
        class_=class_ or None,
    )


def box(
    place: str, top: int, width: str, height: int, *, class_: str, says: str = "", corner: int | None = None
) -> Markup:
    """Return a rectangle that tells what it stands for when pointed at."""
    inner = (element("title", says),) if says else ()
    return element("rect", *inner, x=place, y=top, width=width, height=height, rx=corner, class_=class_)


def words(text: str, place: str, base: int, *, class_: str | None = None, anchor: str | None = None) -> Markup:
    """Return a line of text."""
    return element("text", text, x=place, y=base, class_=class_, text_anchor=anchor)


def upright(place: str, top: int, bottom: int, *, class_: str) -> Markup:
    """Return an upright line."""
    return element("line", x1=place, x2=place, y1=top, y2=bottom, class_=class_)


def symbol(path: str, place: str, middle: int, *, class_: str, says: str) -> Markup:
    """Return a mark drawn by *path* around (0, 0), which tells what it stands for when pointed at."""
    drawn = element("path", element("title", says), d=path, class_=class_)
    return element("svg", drawn, x=place, y=middle, width=1, height=1, overflow="visible")


def part_of(part: int, whole: int) -> str:
    """Return *part* of *whole* as a percentage for a place or a width."""
    milli = 100_000 * part // whole if whole else 0
    return f"{milli // 1000}.{milli % 1000:03}%"

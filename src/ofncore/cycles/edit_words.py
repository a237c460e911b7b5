"""What an edit of a cycle came to, in words for people to read.

Source:
    PERM-12 (nothing is left out in silence), CYC-5.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from ofncore.cycles.changes import Turn
from ofncore.cycles.told_edits import EditResult, ToldEdit, told_of
from ofncore.kernel.catalogue import has_text, quoted, text
from ofncore.kernel.ids import EnterpriseId, FeeId, PaymentMethodId, ScheduleId, ShippingMethodId, VariantId
from ofncore.kernel.paths import steps
from ofncore.kernel.refusals import Parameters, ParameterValue, Problem
from ofncore.kernel.texts import told_apart

#: Lists longer than this are cut.
LONGEST_LIST: Final = 10

_ITEM: Final = "- "
#: Which names the things in a place go by; those of any other place go by their ids.
_NAMED_BY: Final = {
    "incoming": "enterprises",
    "outgoing": "enterprises",
    "removed_suppliers": "enterprises",
    "removed_distributors": "enterprises",
    "payment_methods": "enterprises",
    "shipping_methods": "enterprises",
    "incoming.variants": "variants",
    "outgoing.variants": "variants",
    "incoming.fees": "fees",
    "outgoing.fees": "fees",
    "coordinator_fees": "fees",
    "schedules": "schedules",
    "outgoing.payment_methods": "payment_methods",
    "outgoing.shipping_methods": "shipping_methods",
}
#: Fields whose things are each in a shop: ``$.payment_methods[hub][card]``.
_IN_SHOPS: Final = frozenset(("payment_methods", "shipping_methods"))


@attrs.frozen(kw_only=True)
class EditIds:
    """The ids that what an edit came to speaks of."""

    enterprises: frozenset[EnterpriseId]
    variants: frozenset[VariantId]
    fees: frozenset[FeeId]
    schedules: frozenset[ScheduleId]
    payment_methods: frozenset[PaymentMethodId]
    shipping_methods: frozenset[ShippingMethodId]


@attrs.frozen(kw_only=True)
class EditNames:
    """What people call the things that an edit is about, by id; what is missing is called by its id."""

    enterprises: Mapping[str, str] = attrs.field(factory=dict)
    #: With the names of their products, such as "Carrots 1 kg".
    variants: Mapping[VariantId, str] = attrs.field(factory=dict)
    fees: Mapping[str, str] = attrs.field(factory=dict)
    schedules: Mapping[str, str] = attrs.field(factory=dict)
    payment_methods: Mapping[str, str] = attrs.field(factory=dict)
    shipping_methods: Mapping[str, str] = attrs.field(factory=dict)


def named_in(told: EditResult | ToldEdit) -> EditIds:
    """Return the ids that `edit_text` needs the names of."""
    found: dict[str, set[str]] = {field.name: set() for field in attrs.fields(EditIds)}
    for path in _paths(told_of(told)):
        place = _Place.of(path)
        if place.owner is not None:
            found["enterprises"].add(place.owner)
        if place.thing is not None and place.field in _NAMED_BY:
            found[_NAMED_BY[place.field]].add(place.thing)
    return EditIds(
        enterprises=frozenset(map(EnterpriseId, found["enterprises"])),
        variants=frozenset(map(VariantId, found["variants"])),
        fees=frozenset(map(FeeId, found["fees"])),
        schedules=frozenset(map(ScheduleId, found["schedules"])),
        payment_methods=frozenset(map(PaymentMethodId, found["payment_methods"])),
        shipping_methods=frozenset(map(ShippingMethodId, found["shipping_methods"])),
    )


def edit_text(told: EditResult | ToldEdit, names: EditNames, locale: str) -> str:
    """Return what came of an edit as lines of text.

    First is what is different afterwards, place by place. Below it is what was left as it was: each reason once, with
    all the places and things that it stands for; and what was done but may not be meant. Of a list with many things the
    first are named, and the rest counted. Things of one kind that have the same name are told apart by their ids.

    Args:
        told: What an edit came to, in part or as a whole, or its refusal: in full for the host, or as
            `ofncore.cycles.told_edits.told_to_actor` makes it ready for the actor.
        names: Of everything that `named_in` tells.
        locale: Of the reader.
    """
    apart = {field.name: told_apart(getattr(names, field.name)) for field in attrs.fields(EditNames)}
    return "\n".join(_Writer(EditNames(**apart), locale).lines(told_of(told)))


def _paths(told: ToldEdit) -> Iterator[str]:
    yield from (each.path for each in told.changes)
    yield from (each.path for each in (*told.problems, *told.remarks))


@attrs.frozen(kw_only=True)
class _Place:
    """Where a change or a problem is."""

    #: Such as ``name``, ``incoming`` or ``outgoing.variants``; empty for the whole edit.
    field: str
    #: The participant whose part it is.
    owner: str | None
    #: One participant, variant, fee or schedule.
    thing: str | None

    @classmethod
    def of(cls, path: str) -> "_Place":
        """Read ``$.field``, ``$.field[thing]``, ``$.list[owner].field`` or ``$.list[owner].field[thing]``."""
        found = steps(path)
        if len(found) > 2 and found[0] in _IN_SHOPS:  # noqa: PLR2004 - a name, a shop and a method
            return cls(field=f"outgoing.{found[0]}", owner=found[1], thing=found[2])
        thing = found[-1] if found and len(found) % 2 == 0 else None
        owner = found[1] if len(found) > 2 else None  # noqa: PLR2004 - a name and an id, and something in it
        return cls(field=".".join(found[::2]), owner=owner, thing=thing)

    @property
    def around(self) -> "_Place":
        """Return the place that holds the thing."""
        return attrs.evolve(self, thing=None)


#: Places, each with the things in it that are meant; none means the place as a whole.
_Things = dict[_Place, list[str]]


def _gathered(paths: Iterable[str]) -> _Things:
    found: _Things = {}
    for path in paths:
        place = _Place.of(path)
        found.setdefault(place.around, []).extend([] if place.thing is None else [place.thing])
    return found


@attrs.frozen
class _Writer:
    """Writes for one reader."""

    names: EditNames
    locale: str

    def lines(self, told: ToldEdit) -> Iterator[str]:
        yield self._text("edit.done" if told.changes or told.changes_more else "edit.nothing")
        for turn in Turn:
            paths = (each.path for each in told.changes if each.turn is turn)
            yield from self._places(paths, "edit.things" if turn is Turn.CHANGED else f"edit.{turn}")
        if told.changes_more:
            yield _ITEM + self._text("edit.elsewhere")
        if told.problems:
            yield self._text("edit.left_out")
            yield from self._reasons(told.problems)
        if told.remarks:
            yield self._text("edit.remarks")
            yield from self._reasons(told.remarks)

    def _reasons(self, problems: Iterable[Problem]) -> Iterator[str]:
        reasons: dict[str, list[str]] = {}
        for each in problems:
            reasons.setdefault(self._reason(each), []).append(each.path)
        for reason, paths in reasons.items():
            yield reason
            yield from self._places((path for path in paths if path != "$"), "edit.things")

    def _places(self, paths: Iterable[str], key: str) -> Iterator[str]:
        for place, things in _gathered(paths).items():
            where = self._where(place)
            yield _ITEM + (self._text(key, place=where, things=self._listed(place, things)) if things else where)

    def _reason(self, problem: Problem) -> str:
        key = f"edit.reason.{problem.code}"
        return text(key if has_text(key) else problem.code, self.locale, problem.parameters)

    def _where(self, place: _Place) -> str:
        key = f"edit.place.{place.field}"
        owner = {} if place.owner is None else {"enterprise": self._name("enterprises", place.owner)}
        return self._text(key, **owner) if has_text(key) else place.field

    def _listed(self, place: _Place, things: list[str]) -> tuple[str, ...]:
        group = _NAMED_BY.get(place.field)
        every = [str(quoted(self._name(group, each), self.locale)) for each in dict.fromkeys(things)]
        # Never "1 more": that one is shorter by its name.
        shown = every if len(every) <= LONGEST_LIST + 1 else every[:LONGEST_LIST]
        rest = len(every) - len(shown)
        return (*shown, self._text("edit.more", count=rest)) if rest else tuple(shown)

    def _name(self, group: str | None, key: str) -> str:
        known: Mapping[str, str] = {} if group is None else getattr(self.names, group)
        return known.get(key, key)

    def _text(self, key: str, **values: ParameterValue) -> str:
        return text(key, self.locale, Parameters.of(**values))

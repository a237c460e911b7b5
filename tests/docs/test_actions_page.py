"""The page of actions lists each rule once, with its identifiers and the ids that make up a key."""

import re
from pathlib import Path

import attrs

from ofncore import Actor, read_document
from ofncore.kernel.ids import UserId
from ofncore.model.user import User
from ofncore.model.world import State
from ofncore.permissions.asking import Asker
from ofncore.permissions.capabilities import places
from ofncore.permissions.resources import WHEREABOUTS
from ofncore.permissions.rules.book import RULES
from ofncore.permissions.snapshot import Snapshot

PAGE_PATH = Path(__file__).parents[2] / "docs" / "actions.md"
PAGE = PAGE_PATH.read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([A-Z_]+)` \| `(\w+\.\w+)` \| (.+) \| ([^|]+) \|$", re.MULTILINE)


def test_the_page_has_each_rule_once_and_no_other() -> None:
    listed = [(kind, action) for kind, action, _, _ in ROW.findall(PAGE)]
    known = [(kind.name, f"{type(action).__name__}.{action.name}") for kind, action in RULES]
    assert sorted(listed) == sorted(known)


def test_the_page_names_what_each_rule_implements() -> None:
    named = {(kind, action): ids for kind, action, _, ids in ROW.findall(PAGE)}
    for (kind, action), rule in RULES.items():
        assert named[kind.name, f"{type(action).__name__}.{action.name}"] == ", ".join(rule.ids)


def test_a_star_marks_what_administrators_may_do_to_everything() -> None:
    """PERM-8: to all that is known, also where they have no role and nobody granted them anything."""
    state = read_document((PAGE_PATH.parents[1] / "examples" / "french-hub.json").read_text(encoding="utf-8"))
    assert isinstance(state, State)
    root = User(id=UserId("root"), name="Root", email="root@example.org", is_admin=True)
    snapshot = Snapshot.of_world(attrs.evolve(state, users=(*state.users, root)))
    asker = Asker(Actor.user(root.id), snapshot)
    starred = {(kind, action) for kind, action, who, _ in ROW.findall(PAGE) if who.endswith("*")}
    assert len(starred) > 30
    for kind, action in RULES:
        if (kind.name, f"{type(action).__name__}.{action.name}") in starred:
            for within in places(kind, snapshot):
                found = {each.key[len(within) :] for each in asker.list_allowed(action, kind, within=within)}
                known = {
                    (each,) if isinstance(each, str) else tuple(each) for each in WHEREABOUTS[kind].known(snapshot)
                }
                assert found == known, (kind, action)

"""Applies what is asked for about suppliers and distributors, one entry after the other.

What the actor may not do is left as it is, and told.

Source:
    PERM-5.3, the algorithm step by step; PERM-10 (`delivery-instructions`, `foreign-exchanges`, `own-fees`).
"""

from collections.abc import Container, Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any, Final

import attrs

from ofncore.cycles.draft import Draft
from ofncore.cycles.editor import Editor
from ofncore.cycles.edits import UNCHANGED, CycleEdit, IncomingEdit, OutgoingEdit, Unchanged
from ofncore.cycles.fee_choices import FeeChoice, exchange_fees
from ofncore.cycles.joining import distributor_problems, not_a_hub, supplier_problems
from ofncore.cycles.selecting import Ticking, incoming_variants, not_brought, outgoing_variants
from ofncore.kernel.edit_policies import HiddenExchanges
from ofncore.kernel.ids import EnterpriseId, FeeId, VariantId
from ofncore.kernel.paths import keyed
from ofncore.kernel.refusals import Problem
from ofncore.kernel.texts import storable_problems
from ofncore.model.cycle import IncomingExchange, OutgoingExchange
from ofncore.permissions.actions import CycleAction
from ofncore.permissions.view import View


def edit_exchanges(draft: Draft, edit: CycleEdit) -> list[Problem]:
    """Apply everything that *edit* asks about participants; return what came to nothing, and why.

    Who leaves by name leaves first. Incoming entries come before outgoing ones, so that goods that come in by the same
    edit can be sold; a second entry for one enterprise is applied on top of the first. Who leaves by not being in a
    whole list leaves last.
    """
    problems = [*_removal(draft, edit)]
    for entry in edit.incoming:
        problems += _edit_incoming(draft, entry, keyed("$.incoming", entry.supplier))
    view, brought = draft.view(), draft.brought()
    for sale in edit.outgoing:
        # Only an earlier entry for the same distributor changes what its list holds by now.
        view = draft.view() if sale.distributor in draft.touched_distributors else view
        path = keyed("$.outgoing", sale.distributor)
        problems += _edit_outgoing(draft, sale, path, view, brought)
    _remove_unnamed(draft, edit)
    draft.drop_unbrought()
    return [*problems, *_lost_after_all(draft, edit)]


def _lost_after_all(draft: Draft, edit: CycleEdit) -> Iterator[Problem]:
    """Yield what was asked for in a list, and then left it with a supplier that the same edit takes out."""
    for sale in edit.outgoing:
        if sale.distributor not in draft.touched_distributors:
            continue  # said already, as what the actor may not do
        lost = {key for shop, key in draft.lost if shop == sale.distributor} - draft.listed(sale.distributor)
        if not isinstance(sale.variants, Unchanged):
            path = f"{keyed('$.outgoing', sale.distributor)}.variants"
            yield from (not_brought(path, key) for key in sale.variants if key in lost)


# ---------------------------------------------------------------- who leaves


def _removal(draft: Draft, edit: CycleEdit) -> Iterator[Problem]:
    suppliers, distributors = dict.fromkeys(edit.removed_suppliers), dict.fromkeys(edit.removed_distributors)
    yield from _leaving(draft, suppliers, draft.incoming, "$.removed_suppliers")
    yield from _leaving(draft, distributors, draft.outgoing, "$.removed_distributors")
    if draft.editor.coordinates:
        draft.remove_suppliers([each for each in suppliers if not _is_hidden(draft, each)])
        draft.remove_distributors([each for each in distributors if not _is_hidden(draft, each)])


def _leaving(
    draft: Draft, leaving: Iterable[EnterpriseId], taking_part: Container[EnterpriseId], path: str
) -> Iterator[Problem]:
    editor = draft.editor
    for each in leaving:
        at = keyed(path, each)
        if each not in editor.relations.enterprises:
            continue  # said once, as what makes the whole edit impossible
        if not editor.coordinates:
            yield from editor.check(CycleAction.EDIT_PARTICIPANTS, at).problems
        # Who takes no part is gone already, as asked for.
        elif each in taking_part and _is_hidden(draft, each):
            yield not_a_hub(editor, at)


def _remove_unnamed(draft: Draft, edit: CycleEdit) -> None:
    """Only the coordinator's whole list removes: a participant's never names everybody."""
    if not draft.editor.coordinates:
        return
    if edit.whole_incoming:
        untouched = [each for each in draft.incoming if each not in draft.touched_suppliers]
        draft.remove_suppliers(each for each in untouched if not _is_left_alone(draft, each))
    if edit.whole_outgoing:
        unsold = [each for each in draft.outgoing if each not in draft.touched_distributors]
        draft.remove_distributors(each for each in unsold if not _is_left_alone(draft, each))


def _is_left_alone(draft: Draft, participant: EnterpriseId) -> bool:
    return draft.editor.profile.hidden_exchanges is HiddenExchanges.LEFT_ALONE and _is_hidden(draft, participant)


def _is_hidden(draft: Draft, participant: EnterpriseId) -> bool:
    """From its own coordinator: one that is no hub sees nobody but itself (PERM-G3)."""
    return draft.editor.coordinates and not draft.shows(participant)


def _is_secret(draft: Draft, participant: EnterpriseId) -> bool:
    """From another participant: what is asked of it is told as if it took no part (PERM-5.3 step 7, PERM-G16)."""
    return not draft.editor.coordinates and not draft.shows(participant)


# ---------------------------------------------------------------- one supplier


def _edit_incoming(draft: Draft, entry: IncomingEdit, path: str) -> list[Problem]:
    supplier = entry.supplier
    if supplier not in draft.editor.relations.enterprises:
        return []  # said once, as what makes the whole edit impossible
    exchange = draft.incoming.get(supplier)
    if exchange is None or _is_secret(draft, supplier):
        problems = list(supplier_problems(draft.editor, supplier, path))
        exchange = IncomingExchange(supplier=supplier)
    else:
        problems = [not_a_hub(draft.editor, path)] if _is_hidden(draft, supplier) else []
    if problems:
        return problems
    draft.touched_suppliers.add(supplier)
    changes, dropped = _incoming_changes(draft, exchange, entry, path)
    draft.incoming[supplier] = attrs.evolve(exchange, **changes)
    return dropped


#: What is to be different, by field, and what of the request came to nothing.
_Changes = tuple[dict[str, Any], list[Problem]]


def _incoming_changes(draft: Draft, exchange: IncomingExchange, entry: IncomingEdit, path: str) -> _Changes:
    changes: dict[str, Any] = {}
    dropped: list[Problem] = []
    if not isinstance(entry.variants, Unchanged):
        decision = draft.editor.check(CycleAction.EDIT_INCOMING_VARIANTS, f"{path}.variants", entry.supplier)
        dropped += decision.problems
        if decision.allowed:
            asked = _ticking(draft, draft.view(), exchange.supplier, exchange.variants, entry.variants, path)
            ticked = incoming_variants(asked)
            changes["variants"] = ticked.variants
            dropped += ticked.dropped
    if not isinstance(entry.fees, Unchanged):
        action = CycleAction.EDIT_INCOMING_FEES
        changes["fees"], problems = _fees(draft.editor, action, exchange, entry.fees, path)
        dropped += problems
    if not isinstance(entry.receival_instructions, Unchanged):
        at = f"{path}.receival_instructions"
        decision = draft.editor.check(CycleAction.EDIT_RECEIVAL_INSTRUCTIONS, at, entry.supplier)
        problems = decision.problems or tuple(storable_problems(at, entry.receival_instructions))
        dropped += problems
        if not problems:
            changes["receival_instructions"] = entry.receival_instructions
    return changes, dropped


# ---------------------------------------------------------------- one distributor


def _edit_outgoing(
    draft: Draft, sale: OutgoingEdit, path: str, view: View, brought: AbstractSet[VariantId]
) -> list[Problem]:
    distributor = sale.distributor
    if distributor not in draft.editor.relations.enterprises:
        return []  # said once, as what makes the whole edit impossible
    exchange = draft.outgoing.get(distributor)
    if exchange is None or _is_secret(draft, distributor):
        problems = list(distributor_problems(draft.editor, distributor, path))
        exchange = OutgoingExchange(distributor=distributor)
    else:
        problems = [not_a_hub(draft.editor, path)] if _is_hidden(draft, distributor) else []
    if problems:
        return problems
    draft.touched_distributors.add(distributor)
    changes, dropped = _term_changes(draft.editor, exchange, sale, path)
    if not isinstance(sale.variants, Unchanged):
        asked = _ticking(draft, view, distributor, exchange.variants, sale.variants, path)
        ticked = outgoing_variants(asked, brought)
        dropped += ticked.dropped
        changes["variants"] = ticked.variants
        draft.lost += ((distributor, key) for key in asked.live_before - brought - set(sale.variants))
    draft.outgoing[distributor] = attrs.evolve(exchange, **changes)
    return dropped


_TERMS: Final = ("ready_for", "pickup_instructions", "tags")


def _term_changes(editor: Editor, exchange: OutgoingExchange, sale: OutgoingEdit, path: str) -> _Changes:
    changes: dict[str, Any] = {}
    dropped: list[Problem] = []
    action = CycleAction.EDIT_OUTGOING_TERMS
    for name in _TERMS:
        value = getattr(sale, name)
        if value is UNCHANGED:
            continue
        at = f"{path}.{name}"
        decision = editor.check(action, at, sale.distributor)
        texts = value if name == "tags" else (value,)
        problems = decision.problems or tuple(chain.from_iterable(storable_problems(at, each) for each in texts))
        dropped += problems
        if not problems:
            changes[name] = value
    if not isinstance(sale.fees, Unchanged):
        changes["fees"], problems = _fees(editor, action, exchange, sale.fees, path)
        dropped += problems
    return changes, dropped


# ---------------------------------------------------------------- both


def _ticking(
    draft: Draft,
    view: View,
    participant: EnterpriseId,
    before: tuple[VariantId, ...],
    wanted: tuple[VariantId, ...],
    path: str,
) -> Ticking:
    return Ticking(
        editor=draft.editor,
        view=attrs.evolve(view, participant=participant),
        participant=participant,
        before=before,
        wanted=wanted,
        path=f"{path}.variants",
    )


def _fees(
    editor: Editor,
    action: CycleAction,
    exchange: IncomingExchange | OutgoingExchange,
    wanted: tuple[FeeId, ...],
    path: str,
) -> tuple[tuple[FeeId, ...], tuple[Problem, ...]]:
    """Return the fees of an exchange. Who may not touch them at all is told that alone, not which fees there are."""
    stored: IncomingExchange | OutgoingExchange | None
    if isinstance(exchange, IncomingExchange):
        participant, stored = exchange.supplier, editor.cycle.incoming_from(exchange.supplier)
    else:
        participant, stored = exchange.distributor, editor.cycle.outgoing_to(exchange.distributor)
    decision = editor.check(action, f"{path}.fees", participant)
    if not decision.allowed:
        return exchange.fees, decision.problems
    there = () if stored is None else stored.fees
    choice = FeeChoice(before=exchange.fees, wanted=wanted, path=f"{path}.fees", stored=there)
    charged = exchange_fees(choice, editor.snapshot.fees, editor, action)
    return charged.fees, charged.dropped

"""Labels of fees (FEE-7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ofncore.fees.labels import line_fee_label, order_fee_label
from ofncore.kernel.catalogue import LANGUAGES
from ofncore.model.fee import FeeRole


def test_in_english_labels_are_those_of_open_food_network() -> None:
    line = line_fee_label("Carrots", "Van", FeeRole.SUPPLIER, "Farm")
    assert line == "Carrots - Van fee by supplier Farm"
    assert order_fee_label("Van", FeeRole.COORDINATOR, "Hub") == "Whole order - Van fee by coordinator Hub"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", FeeRole)
def test_in_every_language_a_label_holds_all_names(language: str, role: FeeRole) -> None:
    line = line_fee_label("Carrots", "Van", role, "Farm", language)
    whole = order_fee_label("Van", role, "Farm", language)
    assert all(name in line for name in ("Carrots", "Van", "Farm"))
    assert all(name in whole for name in ("Van", "Farm"))
    assert line != whole


def test_french_labels_are_french() -> None:
    assert order_fee_label("Camion", FeeRole.SUPPLIER, "Ferme", "fr") == "Toute la commande - Camion, fournisseur Ferme"


@given(st.integers(1, 400))
def test_a_label_is_cut_to_255_characters(length: int) -> None:
    label = line_fee_label("x" * length, "Van", FeeRole.SUPPLIER, "Farm")
    whole = "x" * length + " - Van fee by supplier Farm"
    assert len(label) <= 255
    assert label == (whole if len(whole) <= 255 else whole[:252] + "...")

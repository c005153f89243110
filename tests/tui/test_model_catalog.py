import string

from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.tui.widgets.model_select.field import ModelCatalog, ModelChoice

CHOICES = [
    ModelChoice("gpt-5.4-low", "GPT", "low-cost", images=False),
    ModelChoice("claude-opus-4-7", "Claude", "official", images=True),
    ModelChoice("gpt-5.5", "GPT", "official", images=False),
    ModelChoice("claude-opus-5[1m]", "Claude", "AWS", images=True),
]
ids = st.text(string.ascii_lowercase + string.digits + "-.[]/", min_size=1, max_size=20)
families = st.sampled_from(["GPT", "Claude", ""])
versions = st.sampled_from(["official", "AWS"])
models = st.builds(ModelChoice, ids, families, versions, st.booleans())
catalogs = st.lists(models, max_size=30, unique_by=lambda choice: choice.id).map(ModelCatalog)


def found_ids(text: str) -> list[str]:
    return [choice.id for choice in ModelCatalog(CHOICES).find(text).choices]


def test_families_stand_together_in_the_order_of_their_first_model():
    assert [choice.id for choice in ModelCatalog(CHOICES).choices] == [
        "gpt-5.4-low",
        "gpt-5.5",
        "claude-opus-4-7",
        "claude-opus-5[1m]",
    ]


def test_words_find_a_model_by_id_family_and_version():
    assert found_ids("claude aws") == ["claude-opus-5[1m]"]
    assert found_ids("GPT official") == ["gpt-5.5"]


def test_brackets_in_what_is_typed_are_ordinary_characters():
    assert found_ids("[1m]") == ["claude-opus-5[1m]"]


def test_letters_in_the_right_order_find_a_model_but_do_not_choose_it():
    found = ModelCatalog(CHOICES).find("g54l")
    assert [choice.id for choice in found.choices] == ["gpt-5.4-low"]
    assert not found.certain


@given(catalogs)
def test_every_model_is_the_best_find_for_its_own_id(catalog: ModelCatalog):
    for choice in catalog.choices:
        found = catalog.find(choice.id.upper())
        assert found.choices[found.best].id == choice.id
        assert catalog.spelled(choice.id.upper()) == choice.id


@given(catalogs, st.text(max_size=12))
def test_a_find_is_a_part_of_the_catalogue_in_its_order(catalog: ModelCatalog, text: str):
    found = catalog.find(text)
    rest = iter(catalog.choices)
    assert all(choice in rest for choice in found.choices)
    assert not found.choices or 0 <= found.best < len(found.choices)


@given(catalogs, st.text(max_size=12))
def test_a_text_that_is_no_listed_id_keeps_its_spelling(catalog: ModelCatalog, text: str):
    listed = {choice.id.casefold() for choice in catalog.choices}
    assert text.casefold() in listed or catalog.spelled(text) == text

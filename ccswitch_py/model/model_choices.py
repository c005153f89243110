"""The models to choose from: the provider's catalogue, merged with what its gateway lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.model.names import check_model_id
from ccswitch_py.model.provider import VERSION_LABELS, Provider


class ModelChoices(NamedTuple):
    """A model to choose; ``is_listed`` is None if the gateway was not asked."""

    id: str
    family: str
    version_label: str
    images: bool
    in_catalogue: bool
    is_listed: bool | None


def model_choices(provider: Provider | None, listed: Iterable[str] | None) -> list[ModelChoices]:
    """The catalogue in order, then the ids that only the gateway lists; invalid ids are left out."""
    ids = None if listed is None else dict.fromkeys(filter(_is_valid, listed))
    known = {
        one.id: ModelChoices(
            one.id,
            one.family,
            _(VERSION_LABELS[one.version]),
            one.images,
            in_catalogue=True,
            is_listed=None if ids is None else one.id in ids,
        )
        for one in (provider.models if provider else [])
    }
    own = (
        ModelChoices(one, "", "", images=True, in_catalogue=False, is_listed=True)
        for one in ids or ()
        if one not in known
    )
    return [*known.values(), *own]


def _is_valid(model_id: str) -> bool:
    try:
        check_model_id(model_id)
    except BadInput:
        return False
    return True

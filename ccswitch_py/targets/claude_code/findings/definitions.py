"""Find agents, skills and commands that name a model of their own, which the profile in use does not have."""

from __future__ import annotations

from collections.abc import Iterator

from ccswitch_py.core.language import N_
from ccswitch_py.model.doctor_finding import Finding, named, warning
from ccswitch_py.store.profile_files import catalogue_ids
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.targets.claude_code.sources.decisions import definitions
from ccswitch_py.targets.claude_code.sources.precedence import ALIASES

MODEL_NOT_SERVED = warning(
    "definition_model_not_served",
    N_("{file} asks for the model {model}, which the profile '{profile}' does not name."),
    N_("If the gateway has no such model, replace it there, for example by the alias haiku."),
)
KINDS = ("agents", "skills", "commands")
_OWN_MODEL = ("inherit", "default", *ALIASES)
"""What names no model, or one of the profile."""


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Those of the user and of the project, as far as a profile is in use."""
    name = inspection.in_use or ""
    profile = inspection.general.profiles.get(name)
    if profile is None:
        return
    served = {*profile.models.values(), *catalogue_ids(inspection.paths, profile.provider)}
    served = {model.removesuffix("[1m]") for model in served}
    for kind in KINDS:
        for folder in inspection.folders(kind):
            for path, fields in definitions(folder):
                model = fields.get("model", "").removesuffix("[1m]")
                if model and model.lower() not in _OWN_MODEL and model not in served:
                    values = {"model": named(model), "profile": named(name)}
                    yield Finding(MODEL_NOT_SERVED, values, path)

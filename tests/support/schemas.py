"""The JSON Schemas of our TOML files, made from the models that check them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ccswitch_py.core.paths import SCHEMAS
from ccswitch_py.model.profile import Profile
from ccswitch_py.model.protocol import ENDPOINT_FIELDS
from ccswitch_py.model.provider import Provider
from ccswitch_py.targets.registry import TARGETS

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The one that editors of TOML support."""


def schema_files() -> dict[Path, str]:
    """The text of each file."""
    schemas = {"provider": provider_schema(), "profile": profile_schema()}
    return {
        Path(SCHEMAS, f"{name}.json"): json.dumps({"$schema": DIALECT, **schema}, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def provider_schema() -> dict[str, Any]:
    """The schema of a provider's file, with the short form of its endpoint."""
    schema = of_model(Provider)
    endpoint = schema["definitions"]["Endpoint"]
    del endpoint["properties"]["protocol"]
    endpoint["required"].remove("protocol")
    schema["properties"] |= {name: endpoint["properties"][name] for name in ENDPOINT_FIELDS}
    schema["required"].remove("endpoints")
    return schema | {"anyOf": [{"required": ["endpoints"]}, {"required": ["base_url"]}]}


def profile_schema() -> dict[str, Any]:
    """The schema of a profile's file, with the options of each target."""
    schema = of_model(Profile)
    options = {target.id: model for target in TARGETS.values() if (model := target.options_model())}
    schema["properties"]["targets"]["properties"] = {
        target_id: {"$ref": f"#/definitions/{model.__name__}"} for target_id, model in options.items()
    }
    schema["definitions"] = {model.__name__: of_model(model) for model in options.values()}
    return schema | {"anyOf": [{"required": ["provider"]}, {"required": ["base_url"]}]}


def of_model(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a model as TOML has it: without null and without titles made from names."""
    return _as_toml(model.model_json_schema(ref_template="#/definitions/{model}"))


def _as_toml(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_toml(one) for one in value]
    if not isinstance(value, dict):
        return value
    schema = {("definitions" if key == "$defs" else key): _as_toml(one) for key, one in value.items()}
    if isinstance(schema.get("title"), str):
        del schema["title"]
    if isinstance(text := schema.get("description"), str):
        schema["description"] = " ".join(text.replace("``", "`").split())
    if schema.get("default", 0) is None:
        del schema["default"]
    match [one for one in schema.get("anyOf", []) if one != {"type": "null"}]:
        case [only]:
            schema = {key: one for key, one in schema.items() if key != "anyOf"} | only
        case _:
            pass
    return schema

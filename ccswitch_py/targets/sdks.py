"""The SDKs of each protocol: variables for programs of the user's own, started by ``run`` or in a shell after ``env``.

Measured with the Python packages anthropic 2.14.0, openai 3.57.0 and google-genai 3.6.1.
"""

from __future__ import annotations

from ccswitch_py.targets.base import RunSpec
from ccswitch_py.targets.config_file import BEARER, GOOGLE_KEY, STALE_VARIABLES, EnvironmentTarget, sdk_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Environment, RequestShape, Values


class Sdk(EnvironmentTarget):
    """Has neither a program nor a file.

    ``address``, ``key`` and ``model`` are the variables of a profile, of which the SDK itself reads the first two;
    ``fixed`` are the same for each profile, and ``stale`` must not be there, beside what the protocol's SDKs read.
    """

    program = ""
    deliveries = ("environment",)
    address: str
    key: str
    model: str
    fixed: Mapping[str, str] = {}
    stale: tuple[str, ...]

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """The variables of one process or shell."""
        variables = {**self.fixed, self.address: launch.base_url, self.model: launch.models["main"]}
        stale = (*STALE_VARIABLES[launch.protocol], *self.stale)
        return RunSpec((self.program,), variables, self.key, stale)


class AnthropicSdk(Sdk):
    """Sends a bearer token since 2.0, whichever of its two key variables is set; the one that we don't set wins."""

    id = "anthropic-sdk"
    name = "Anthropic SDK"
    protocols = {"messages": BEARER}  # noqa: RUF012
    address = "ANTHROPIC_BASE_URL"
    key = "ANTHROPIC_AUTH_TOKEN"
    model = "ANTHROPIC_MODEL"
    stale = ("ANTHROPIC_CUSTOM_HEADERS", "ANTHROPIC_PROFILE")

    def request(self, launch: Launch) -> RequestShape:
        return sdk_request(launch, ("Authorization",))


class OpenAiSdk(Sdk):
    """Serves ``responses`` and ``chat`` under one address: the program chooses."""

    id = "openai-sdk"
    name = "OpenAI SDK"
    protocols = {"chat": BEARER, "responses": BEARER}  # noqa: RUF012
    address = "OPENAI_BASE_URL"
    key = "OPENAI_API_KEY"
    model = "OPENAI_MODEL"
    stale = ("OPENAI_ADMIN_KEY", "OPENAI_API_TYPE", "OPENAI_CUSTOM_HEADERS", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")


class GoogleGenAiSdk(Sdk):
    """Calls ``/v1`` unless told otherwise, where gateways serve ``/v1beta``."""

    id = "google-genai"
    name = "Google Gen AI SDK"
    protocols = {"gemini": GOOGLE_KEY}  # noqa: RUF012
    address = "GOOGLE_GEMINI_BASE_URL"
    key = "GEMINI_API_KEY"
    model = "GEMINI_MODEL"
    fixed = {"GOOGLE_GENAI_API_VERSION": "beta"}  # noqa: RUF012
    stale = ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_VERTEX_BASE_URL")

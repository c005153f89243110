"""``make windows``: fill in the context windows that genai-prices knows and our provider files don't.

Only what it says of the same service counts: a relay may cut a model's window. Output limits are not in its data.
"""

from __future__ import annotations

import re
from datetime import date
from importlib.metadata import version
from pathlib import Path

from genai_prices.data_snapshot import get_snapshot

PROVIDERS = Path(__file__).resolve().parent.parent / "profiles"
SAME_SERVICE = {
    "anthropic": "anthropic",
    "deepseek": "deepseek",
    "kimi": "moonshotai",
    "minimax": "minimax",
    "minimax-intl": "minimax",
    "novita": "novita",
    "openrouter": "openrouter",
    "xai": "x-ai",
    "zai": "zai",
    "zhipu": "zhipuai",
}
"""Our id of a provider, and that of genai-prices."""
WITHOUT_WINDOW = re.compile(r'^(  \{ id = "([^"]+)", (?:(?!context_window).)*?) \},$', re.MULTILINE)


def main() -> None:
    """Add the windows, each with a comment that names the source and today's date."""
    known = {provider.id: provider for provider in get_snapshot().providers}
    source = f"# genai-prices {version('genai-prices')}, {date.today().isoformat()}"
    for ours, theirs in SAME_SERVICE.items():

        def with_window(line: re.Match[str], service: str = theirs) -> str:
            model = known[service].find_model(line[2])
            window = model.context_window if model else None
            return f"{line[1]}, context_window = {window} }},  {source}" if window else line[0]

        file = PROVIDERS / f"{ours}.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(WITHOUT_WINDOW.sub(with_window, text), encoding="utf-8")


if __name__ == "__main__":
    main()

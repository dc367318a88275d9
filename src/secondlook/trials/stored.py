"""How the results of a simulation are stored: JSON in which a change of one figure is a change of one line."""

from __future__ import annotations

import json
from typing import Any


def as_json(content: dict[str, Any]) -> str:
    """Return JSON with one line for each key and one for each entry of a list."""
    parts = []
    for key, value in content.items():
        shown = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and value:
            shown = "[\n" + ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in value) + "\n ]"
        parts.append(f" {json.dumps(key)}: {shown}")
    return "{\n" + ",\n".join(parts) + "\n}\n"

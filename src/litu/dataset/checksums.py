"""The author's side of the reference dataset: seal the tables after a change."""

import hashlib
import json
from pathlib import Path

from litu.dataset.tables import PACKAGE, DataError

WIDTH = 140


def seal(data_dir: Path) -> list[str]:
    """Write hash and size of every table into the data package.

    Returns the names of the tables whose entry changed. The package file is
    rewritten in one stable layout, so that a second call changes nothing.
    """
    path = Path(data_dir) / PACKAGE
    package = json.loads(path.read_text(encoding="utf-8"))
    changed = []
    for resource in package["resources"]:
        table = path.parent / resource["path"]
        if not table.is_file():
            raise DataError(f"The data package lists {resource['path']}, but {table} does not exist.")
        content = table.read_bytes()
        entry = {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}
        if any(resource.get(key) != value for key, value in entry.items()):
            changed.append(resource["name"])
            resource.update(entry)
    path.write_text(layout(package) + "\n", encoding="utf-8")
    return changed


def layout(value: object, indent: int = 0) -> str:
    """Return JSON in which whatever fits on a line stays on one, such as a field of a schema."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or len(line) + indent <= WIDTH:
        return line
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        items = [f"{json.dumps(k, ensure_ascii=False)}: {layout(v, indent + 2)}" for k, v in value.items()]
        opening, closing = "{", "}"
    else:
        items = [layout(item, indent + 2) for item in value]
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(pad + item for item in items) + "\n" + " " * indent + closing

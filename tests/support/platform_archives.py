"""Archives as Moodle and Canvas give them, and as nobody should."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

Files = list[tuple[str | bytes, bytes]]
"""Names, as text for UTF-8 or as the very bytes, with what the files hold."""


def archive(path: Path, files: Files) -> Path:
    """Write a zip file; names given as bytes stand in it as they are, without a word on their encoding."""
    made = io.BytesIO()
    raw: dict[bytes, bytes] = {}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for number, (name, data) in enumerate(files):
            if isinstance(name, bytes):
                stand_in = f"#{number:03}".ljust(len(name), "#")
                assert len(stand_in) == len(name)
                raw[stand_in.encode()] = name
                name = stand_in
            opened.writestr(name, data)
    content = made.getvalue()
    for stand_in, name in raw.items():
        content = content.replace(stand_in, name)
    path.write_bytes(content)
    return path


def hostile(path: Path, kind: str) -> Path:
    """Write an archive that no platform makes."""
    good = ("Li Na_7_assignsubmission_file_/a.ipynb", b"{}")
    if kind in ("up", "absolute", "drive", "backslash"):
        name = {"up": "x/../../../evil", "absolute": "/etc/evil", "drive": "C:/evil", "backslash": b"x\\..\\..\\evil"}[kind]
        return archive(path, [good, (name, b"x")])
    if kind == "no-zip":
        path.write_bytes(b"PK\x03\x04 this is none")
        return path
    if kind == "many":
        return archive(path, [(f"{number}", b"") for number in range(20_001)])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(*good)
        if kind == "link":
            info = zipfile.ZipInfo("Li Na_7_assignsubmission_file_/link")
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            opened.writestr(info, "/etc/passwd")
        elif kind == "bomb":
            with opened.open("Li Na_7_assignsubmission_file_/big", "w") as file:
                for _ in range(110):
                    file.write(bytes(1 << 20))
    if kind == "encrypted":
        data = bytearray(path.read_bytes())
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(bytes(data))
    return path

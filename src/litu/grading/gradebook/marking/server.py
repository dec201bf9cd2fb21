"""The marking page, served to this machine only, to who has its token."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from litu.errors import LituError
from litu.grading.gradebook.marking.marks import LONGEST_COMMENT
from litu.grading.gradebook.marking.sheet import Answer, Conflict, Sheet

PAGE = Path(__file__).parent / "page"
HERE = "127.0.0.1"
LARGEST_REQUEST = 100_000
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_FILES = {"mark.js": "text/javascript", "mark.css": "text/css"}


class _Guarded(RequestHandler):
    """Answers who comes by this machine's own address, with the token."""

    def initialize(self, sheet: Sheet, token: str, port: int) -> None:
        self.sheet, self.token, self.port = sheet, token, port

    def prepare(self) -> None:
        """Refuse what comes by another name (a page elsewhere whose name was turned to this machine) or without the token."""
        if self.request.host not in (f"{HERE}:{self.port}", f"localhost:{self.port}"):
            raise HTTPError(403)
        given = self.get_query_argument("token", "")
        if given and hmac.compare_digest(given.encode(), self.token.encode()):
            self.set_cookie(self._cookie, self.token, httponly=True, samesite="Strict")
            self.redirect("/")
        elif not hmac.compare_digest((self.get_cookie(self._cookie) or "").encode(), self.token.encode()):
            raise HTTPError(403)

    @property
    def _cookie(self) -> str:
        return f"litu-mark-{self.port}"

    def set_default_headers(self) -> None:
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    def write_error(self, status_code: int, **_: Any) -> None:
        why = "Open the address that `litu mark` printed, with its token." if status_code == 403 else "That did not work."
        self.finish(f"{status_code}. {why}")


class _Page(_Guarded):
    def get(self) -> None:
        made = Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined)
        text = made.get_template("marking.html.j2").render(
            sheet=self.sheet, questions=self.sheet.questions(), xsrf=self.xsrf_token.decode(), longest=LONGEST_COMMENT
        )
        self.finish(text)


class _File(_Guarded):
    def get(self, name: str) -> None:
        self.set_header("Content-Type", f"{_FILES[name]}; charset=utf-8")
        self.finish((PAGE / name).read_bytes())


class _Save(_Guarded):
    def post(self) -> None:
        try:
            asked = json.loads(self.request.body)
            number, version, boxes, comment = (asked[name] for name in ("answer", "version", "boxes", "comment"))
            if not (isinstance(number, str) and isinstance(version, str) and isinstance(boxes, list) and isinstance(comment, str)):
                raise ValueError
        except (ValueError, TypeError, KeyError, RecursionError):
            raise HTTPError(400) from None
        try:
            self.finish(_told(self.sheet.save(number, version, boxes, comment)))
        except Conflict as conflict:
            self.set_status(409)
            self.finish(_told(conflict.now))
        except LituError as error:
            self.set_status(422)
            self.finish({"problem": str(error)})


def _told(answer: Answer) -> dict[str, Any]:
    return {"version": answer.version, "score": answer.score, "waits": answer.waits, "comment": answer.comment, "boxes": answer.boxes}


def application(sheet: Sheet, token: str, port: int) -> Application:
    """Return the marking page as a web application."""
    given = {"sheet": sheet, "token": token, "port": port}
    files = "|".join(name.replace(".", r"\.") for name in _FILES)
    routes = [("/", _Page, given), (f"/({files})", _File, given), ("/save", _Save, given)]
    return Application(routes, xsrf_cookies=True, xsrf_cookie_name=f"_xsrf_{port}", xsrf_cookie_kwargs={"samesite": "Strict"})


async def serve(sheet: Sheet, port: int) -> None:
    """Serve the marking page until this is cancelled; print its address. Raises LituError where the port is taken."""
    try:
        sockets = bind_sockets(port, HERE)
    except OSError as error:
        raise LituError(f"Port {port} of this machine cannot be used ({error.strerror}); name another with --port.") from None
    port, token = sockets[0].getsockname()[1], secrets.token_urlsafe(32)
    server = HTTPServer(application(sheet, token, port), max_body_size=LARGEST_REQUEST)
    server.add_sockets(sockets)
    print(f"Open in a browser on this machine, and end with Ctrl+C:\n  http://{HERE}:{port}/?token={token}", flush=True)
    await asyncio.Event().wait()

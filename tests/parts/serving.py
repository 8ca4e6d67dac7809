"""Answers as a test's own server sends them to a real browser."""

from __future__ import annotations

from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def in_whole(application: WSGIApplication) -> WSGIApplication:
    """Answers read to their end before they are sent.

    Werkzeug's server leaves a file open when a browser turns away in the middle of it.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        chunks = application(environ, start_response)
        try:
            return [b"".join(chunks)]
        finally:
            if hasattr(chunks, "close"):
                chunks.close()

    return answer

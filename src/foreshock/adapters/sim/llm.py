"""What would a language model answer? A stand-in that speaks both wires and compares words only.

It calls two contracts the same when their titles hold the same numbers and names, lists what one
says and the other does not, and knows nothing of the world. Faults are set by hand.
"""

import re
from typing import Any

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse

OK = 200
NOT_FOUND = 404
MATTERS = re.compile(r"\d+(?:\.\d+)?|[A-Z][\w'-]+")
IGNORED = frozenset({"Will", "What", "Who", "How", "The"})
CHARS_PER_TOKEN = 4


class ModelStandIn:
    """`POST /v1/messages` and `POST .../chat/completions`. answer: says this in place of thinking.

    failure: every request is answered with this (status, body) instead.
    """

    def __init__(self) -> None:
        self.answer: str | None = None
        self.failure: tuple[int, bytes] | None = None
        self.requests: list[HttpRequest] = []

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        self.requests.append(request)
        if self.failure is not None:
            return HttpResponse(self.failure[0], self.failure[1], _JSON)
        asked = msgspec.json.decode(request.body)
        if request.path.endswith("/v1/messages"):
            return self._anthropic(asked)
        if request.path.endswith("/chat/completions"):
            return self._openai(asked)
        return HttpResponse(NOT_FOUND, b'{"error":"no such path"}', _JSON)

    def _anthropic(self, asked: dict[str, Any]) -> HttpResponse:
        shown = "".join(part["text"] for part in asked["messages"][-1]["content"])
        text = self._say(shown)
        usage = {"input_tokens": _tokens(shown), "output_tokens": _tokens(text)}
        return _json({
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": asked["model"],
            "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": usage,
        })

    def _openai(self, asked: dict[str, Any]) -> HttpResponse:
        shown = asked["messages"][-1]["content"]
        text = self._say(shown)
        message = {"role": "assistant", "content": text}
        sent, got = _tokens(shown), _tokens(text)
        usage = {"prompt_tokens": sent, "completion_tokens": got, "total_tokens": sent + got}
        return _json({
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": asked["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": usage,
        })

    def _say(self, shown: str) -> str:
        if self.answer is not None:
            return self.answer
        pair = msgspec.json.decode(shown)
        words = [set(MATTERS.findall(pair[side]["title"])) - IGNORED for side in ("a", "b")]
        differences = [f"only one says {word}" for word in sorted(words[0] ^ words[1])]
        reading = {
            "relation": "overlap" if differences else "identity",
            "sure_percent": 60 if differences else 95,
            "differences": differences[:10],
            "words": "compared by the numbers and names of the titles alone",
        }
        return msgspec.json.encode(reading).decode()


_JSON = (("content-type", "application/json"),)


def _json(body: object) -> HttpResponse:
    return HttpResponse(OK, msgspec.json.encode(body), _JSON)


def _tokens(text: str) -> int:
    return 1 + len(text) // CHARS_PER_TOKEN

"""The openai package: its calls as steps. See `App.instrument_openai`."""

from __future__ import annotations

from typing import Any

from .generation import ChatGeneration, CompletionGeneration, GenerationMessage
from .model_calls import Reading, count_tokens, import_optional, plain, watch

PACKAGE = "openai"
STREAM = "_iterator"
"""Where the package's streams keep their pieces. Streams are more than iterators: they must stay what they are."""


def instrument() -> None:
    """Watch the package's clients.

    Raises
    ------
    MissingPackageError
        When it is not installed.
    """
    import_optional("openai", "instrument_openai", "openai")
    chat = import_optional("openai.resources.chat.completions", "instrument_openai", "openai>=1")
    for owner in (chat.Completions, chat.AsyncCompletions):
        watch(owner, "create", PACKAGE, ChatReading, STREAM)
        watch(owner, "parse", PACKAGE, ChatReading, STREAM)
    completions = import_optional("openai.resources.completions", "instrument_openai", "openai>=1")
    for owner in (completions.Completions, completions.AsyncCompletions):
        watch(owner, "create", PACKAGE, CompletionReading, STREAM)
    try:
        responses = import_optional("openai.resources.responses", "instrument_openai", "openai>=1.66")
    except ImportError:  # an older one, without these
        return
    for owner in (responses.Responses, responses.AsyncResponses):
        watch(owner, "create", PACKAGE, ResponsesReading, STREAM)
        watch(owner, "parse", PACKAGE, ResponsesReading, STREAM)


class ChatReading(Reading):
    """``chat.completions``: messages in, the message of the first choice out."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        super().__init__(arguments)
        self._texts: list[str] = []
        self._tool_calls: dict[int, dict[str, Any]] = {}
        self._message: Any = None
        self._usage: Any = None

    @property
    def asked(self) -> Any:
        """The messages."""
        return self.arguments.get("messages")

    def take_piece(self, piece: Any) -> bool:
        """Read a chunk."""
        self._usage = getattr(piece, "usage", None) or self._usage
        delta = piece.choices[0].delta if piece.choices else None
        if delta is None:
            return False
        if isinstance(delta.content, str):
            self._texts.append(delta.content)
        for number, call in enumerate(getattr(delta, "tool_calls", None) or []):
            self._grow(getattr(call, "index", None) or number, call)
        return bool(delta.content or getattr(delta, "tool_calls", None))

    def take_whole(self, answer: Any) -> None:
        """Read a completion."""
        self._usage = getattr(answer, "usage", None)
        choices = getattr(answer, "choices", None)
        self._message = plain(choices[0].message) if choices else None

    @property
    def message(self) -> GenerationMessage:
        """The answer."""
        if self._message is not None:
            message: GenerationMessage = self._message
            return message
        answer = GenerationMessage(role="assistant", content="".join(self._texts))
        if self._tool_calls:
            answer["tool_calls"] = list(self._tool_calls.values())
        return answer

    def shown(self) -> object:
        """The answer's text; with calls of tools, the whole answer."""
        message = self.message
        return message if message.get("tool_calls") else message.get("content")

    def fill(self, generation: ChatGeneration | CompletionGeneration) -> None:
        """Write down messages and answer."""
        arguments = plain(self.arguments)
        generation.tools = arguments.pop("tools", None)
        messages = arguments.pop("messages", None)
        generation.settings = arguments
        count_tokens(generation, self._usage, "prompt_tokens", "completion_tokens")
        if isinstance(generation, ChatGeneration):
            generation.messages = messages if isinstance(messages, list) else []
            generation.message_completion = self.message

    def _grow(self, index: int, call: Any) -> None:
        """A piece of a call of a tool: first its name, then its arguments, bit by bit."""
        known = self._tool_calls.setdefault(index, {"type": "function", "function": {"name": "", "arguments": ""}})
        if call.id and call.id != "null":
            known["id"] = call.id
        for key in ("name", "arguments"):
            piece = getattr(call.function, key, None)
            known["function"][key] += piece if isinstance(piece, str) else ""


class CompletionReading(Reading):
    """``completions``: a prompt in, text out."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        super().__init__(arguments)
        self._texts: list[str] = []
        self._usage: Any = None

    @property
    def asked(self) -> Any:
        """The prompt."""
        return self.arguments.get("prompt")

    def take_piece(self, piece: Any) -> bool:
        """Read a piece of the text."""
        self._usage = getattr(piece, "usage", None) or self._usage
        self._texts += [choice.text for choice in piece.choices[:1] if choice.text]
        return bool(piece.choices)

    def take_whole(self, answer: Any) -> None:
        """Read the text."""
        self.take_piece(answer)

    def shown(self) -> object:
        """The text."""
        return "".join(self._texts)

    def fill(self, generation: ChatGeneration | CompletionGeneration) -> None:
        """Write down prompt and text."""
        generation.settings = {key: value for key, value in plain(self.arguments).items() if key != "prompt"}
        count_tokens(generation, self._usage, "prompt_tokens", "completion_tokens")
        if isinstance(generation, CompletionGeneration):
            generation.prompt, generation.completion = self.asked, "".join(self._texts)


class ResponsesReading(Reading):
    """``responses``: text or items in, items out."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        super().__init__(arguments)
        self._texts: list[str] = []
        self._response: Any = None

    @property
    def asked(self) -> Any:
        """The instructions and the input, as messages."""
        given = self.arguments.get("input")
        items = [{"role": "user", "content": given}] if isinstance(given, str) else list(given or [])
        instructions = self.arguments.get("instructions")
        return [{"role": "system", "content": instructions}, *items] if isinstance(instructions, str) else items

    def take_piece(self, piece: Any) -> bool:
        """Read an event."""
        self._response = getattr(piece, "response", None) or self._response
        if piece.type != "response.output_text.delta":
            return False
        self._texts.append(piece.delta)
        return True

    def take_whole(self, answer: Any) -> None:
        """Read a response."""
        self._response = answer

    @property
    def text(self) -> str:
        """The answer's text."""
        return getattr(self._response, "output_text", None) or "".join(self._texts)

    def shown(self) -> object:
        """The answer's text; with calls of tools, all that came out."""
        output = plain(getattr(self._response, "output", None) or [])
        return output if any(str(item.get("type")).endswith("_call") for item in output) else self.text

    def fill(self, generation: ChatGeneration | CompletionGeneration) -> None:
        """Write down input and answer."""
        arguments = plain(self.arguments)
        generation.tools = arguments.pop("tools", None)
        generation.settings = {key: value for key, value in arguments.items() if key not in ("input", "instructions")}
        count_tokens(generation, getattr(self._response, "usage", None), "input_tokens", "output_tokens")
        if isinstance(generation, ChatGeneration):
            generation.messages = plain(self.asked)
            generation.message_completion = GenerationMessage(role="assistant", content=self.text)

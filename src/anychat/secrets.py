"""Which values are secrets: they never leave the kernel.

The rule
--------
A value is secret when it stands in a session's ``env``, or under a key that looks like a secret's: a key of the
state, of a dict at any depth, or an attribute of an object. Case and style do not matter (``api_key``, ``apiKey``,
``OPENAI-API-KEY``). A key looks like a secret's when

- it contains password, passphrase, passcode, passwd, secret, credential, authorization, oauth, connection string, or a
  kind of key or token: ``api_key``, ``access_key``, ``private_key``, ``auth_token``, ``refresh_tokens``, ...;
- one of its words is auth, bearer, cookie, cookies, dsn, jwt or pwd;
- one of its words is token, and none makes it a count (``token_count``, ``max_token``); more of them are no secret
  (``tokens``, ``max_tokens``);
- its last of several words is key, and the value is a text of 16 characters or more without spaces
  (``openai_key``).

``App(secrets=...)`` adds to the rule. ``None``, ``True`` and ``False`` give nothing away and are shown.

What is hidden: such a value is shown as `HIDDEN`, with all that is in it. Its texts of 8 characters or more are
hidden wherever else they occur: under other keys, in keys, in the middle of a longer text, in an error's message.
This holds for the inspector, for the errors that a chat shows, and for what ``repr`` says of sessions, of their
state and its changes, and of ``env``; and, as far as keys tell, for what steps show of arguments and results.

What is not: what a callback itself says, prints, displays or returns is meant to be seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .errors import OptionError
from .parts import is_a, parts

HIDDEN = "•••"
"""What is shown in place of a secret."""

SHORTEST = 8
"""Texts of fewer characters are hidden where they stand, and not looked for elsewhere."""

WALK = 5_000
"""How many values of a session are looked at to find its secrets."""

DEEP = 12
WIDE = 500
MOST = 500
LONG_KEY_VALUE = 16

Rule = str | re.Pattern[str] | Callable[[str], object]
"""A key's name in any style, a pattern that is searched in keys, or a function that says whether a key is one."""

_CONTAINED = re.compile(
    "passw(or)?d|passphrase|passcode|secret|credential|authorization|oauth|connectionstring"
    "|(api|access|account|auth|encryption|master|private|service|session|shared|signing|ssh|storage|subscription)keys?"
    "|(access|api|auth|bearer|id|refresh|session)tokens"
)
_SCALARS = frozenset({str, bytes, int, float, bool, type(None)})
_WORDS = frozenset({"auth", "bearer", "cookie", "cookies", "dsn", "jwt", "pwd"})
_COUNTING = frozenset(
    [
        *["count", "counts", "limit", "limits", "budget", "usage", "used", "total", "max", "min", "num", "number", "n"],
        *["per", "length", "size", "rate", "cost", "price"],
    ]
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[^\W\d_A-Z]+|[A-Z][^\W\d_A-Z]+|\d+")


class Env(dict[str, str]):
    """What ``Chat(env=...)`` was given: a dict whose repr keeps its values to itself."""

    def __repr__(self) -> str:
        return f"{{{', '.join(f'{name!r}: {HIDDEN}' for name in self)}}}"


def check_env(given: object) -> Env:
    """The ``env`` of a session, as `Chat` takes it.

    Raises
    ------
    OptionError
        When it is no dict of texts. What it holds is not told.
    """
    if given is None:
        return Env()
    if not isinstance(given, Mapping):
        raise OptionError(f"Chat(env=...) takes a dict of texts by name, not a {type(given).__name__}.")
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise OptionError(f"Chat(env=...) takes texts by name, but {name!r} has a {type(value).__name__}.")
    return Env(given)


class Secrets:
    """Says which keys are those of secrets. The rule is in this module's docstring.

    Parameters
    ----------
    more
        What ``App(secrets=...)`` takes: keys by name, patterns, functions of a key, or several of these.

    Raises
    ------
    OptionError
        When it is something else.

    Examples
    --------
    >>> secrets = Secrets(["pin", lambda key: key.startswith("x_")])
    >>> [key for key in ("apiKey", "PIN", "x_y", "max_tokens", "name") if secrets.has(key, "0123")]
    ['apiKey', 'PIN', 'x_y']
    """

    def __init__(self, more: Rule | Iterable[Rule] = ()) -> None:
        rules = [more] if _is_rule(more) else more
        if not isinstance(rules, Iterable):
            raise OptionError(f"{_TAKES}; not {more!r}.")
        self._more = [_as_test(rule) for rule in rules]

    def has(self, key: object, value: object) -> bool:
        """Whether `value` is a secret, as far as its key tells."""
        if not isinstance(key, str) or value is None or value is True or value is False:
            return False
        return _looks_secret(key, value) or any(_says_yes(test, key) for test in self._more)

    def find(self, values: Mapping[str, object], env: Mapping[str, str]) -> Mask:
        """The secrets of a session, so that they can be hidden wherever they occur."""
        return Mask(self, [*_texts(env, [WALK]), *self._find(values, [WALK], 0)])

    def without(self, value: Any) -> Any:
        """The same plain data, with `HIDDEN` in place of each secret."""
        if type(value) is dict:
            return {key: HIDDEN if self.has(key, each) else self.without(each) for key, each in value.items()}
        return [self.without(each) for each in value] if type(value) in (list, tuple) else value

    def _find(self, value: object, room: list[int], depth: int) -> Iterator[str]:
        found = parts(value, WIDE) if depth < DEEP else None
        for each in [*found.first, *found.last] if found else ():
            room[0] -= 1
            if room[0] < 0:
                return
            if self.has(each.key, each.value):
                yield from _texts(each.value, room)
            elif type(each.value) not in _SCALARS:
                yield from self._find(each.value, room, depth + 1)


class Mask:
    """Hides the known secrets of one session in texts."""

    def __init__(self, rule: Secrets, texts: Iterable[str]) -> None:
        self.rule = rule
        self.texts = frozenset(form for text in texts for form in _forms(text) if len(form) >= SHORTEST)
        ordered = sorted(self.texts, key=len, reverse=True)[:MOST]
        self.longest = len(ordered[0]) if ordered else 0
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def hide(self, text: str, limit: int | None = None) -> str:
        """The text with `HIDDEN` in place of each secret; with a limit, of its first so many characters."""
        end = len(text) if limit is None else limit
        if self._pattern is None:
            return text[:end]
        pieces, at = [], 0
        for match in self._pattern.finditer(text[: end + self.longest]):
            if match.start() >= end:
                break
            pieces += [text[at : match.start()], HIDDEN]
            at = match.end()
        return "".join([*pieces, text[at : max(at, end)]])


def _looks_secret(key: str, value: object) -> bool:
    words = [word.lower() for word in _WORD.findall(key)]
    if _CONTAINED.search("".join(words)) or not _WORDS.isdisjoint(words):
        return True
    if any(word.endswith("token") for word in words) and _COUNTING.isdisjoint(words):
        return True
    return len(words) > 1 and words[-1] == "key" and _is_like_a_key(value)


def _is_like_a_key(value: object) -> bool:
    return is_a(value, str) and len(str(value)) >= LONG_KEY_VALUE and re.search(r"\s", str(value)) is None


def _texts(value: object, room: list[int], depth: int = 0) -> Iterator[str]:
    """All texts in a value."""
    if type(value) is str:
        yield value
    elif type(value) is bytes:
        yield value.decode("utf-8", "ignore")
    found = parts(value, WIDE) if depth < DEEP else None
    for each in [*found.first, *found.last] if found else ():
        room[0] -= 1
        if room[0] < 0:
            return
        yield from _texts(each.value, room, depth + 1)


def _forms(text: str) -> Iterator[str]:
    """A secret as it may occur: as it is, as ``repr`` writes it, and its long words ("Bearer ...")."""
    yield text
    yield repr(text)[1:-1]
    yield from (word for word in text.split() if len(word) >= LONG_KEY_VALUE)


_TAKES = "App(secrets=...) takes keys by name, patterns (re.compile), functions of a key, or a list of these"


def _is_rule(given: object) -> bool:
    return isinstance(given, str | re.Pattern) or callable(given)


def _as_test(rule: object) -> Callable[[str], object]:
    if isinstance(rule, str):
        name = _plain(rule)
        return lambda key: _plain(key) == name
    if isinstance(rule, re.Pattern) and isinstance(rule.pattern, str):
        return rule.search
    if callable(rule):
        return rule
    raise OptionError(f"{_TAKES}; not {rule!r}.")


def _plain(key: str) -> str:
    """A key without its style."""
    return re.sub(r"[\W_]+", "", key).lower()


def _says_yes(test: Callable[[str], object], key: str) -> bool:
    try:
        return bool(test(key))
    except Exception:  # who cannot say that it is none, says that it is one
        return True

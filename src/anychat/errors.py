"""Every exception that anychat raises.

::

    AnychatError
    ├── ContextError          called outside a chat's callback
    ├── ProtocolError         a command from the page that cannot be read
    ├── HandlerError          a callback that cannot be called as it is written (also a TypeError)
    ├── OptionError           an argument that is unknown or of the wrong kind (also a TypeError)
    ├── ElementError          an element that cannot be shown as it is (also a ValueError)
    ├── InvalidValueError     a value of the right kind that cannot be (also a ValueError)
    ├── SessionBusyError      a turn runs or waits, so the conversation cannot be changed under it
    ├── SessionEndedError     the session is over, so nothing more can be sent to it
    ├── UploadError           a file of the user is too large, not of a kind that is taken, or not there
    ├── MissingPackageError   an optional package is needed and not installed (also an ImportError and a ValueError)
    └── CallbackInterrupted   the notebook's stop button hit a blocking callback

Messages name the subject, what was expected, what came, and what to do next.
"""


class AnychatError(Exception):
    """The root of what anychat raises: catch it to catch them all."""


class ContextError(AnychatError):
    """Something that belongs to one session was used where no session is running.

    Callbacks know their session; a plain cell, or a thread started without it, does not.
    """


class ProtocolError(AnychatError):
    """A command from the page is malformed, unknown or too large; nothing was changed by it."""


class HandlerError(AnychatError, TypeError):
    """A callback has a signature that anychat cannot call, or is no function at all."""


class OptionError(AnychatError, TypeError):
    """An argument is unknown, or not of the kind that is expected."""


class ElementError(AnychatError, ValueError):
    """An element has nothing to show, or not what the page can show."""


class InvalidValueError(AnychatError, ValueError):
    """A value is empty, out of bounds, or not among the choices."""


class SessionBusyError(AnychatError):
    """A turn runs or waits: the conversation cannot go to another point under it."""


class SessionEndedError(AnychatError):
    """The session has ended; its chat takes no more messages."""


class UploadError(AnychatError):
    """A file that the user gives is too large, not of a kind that is taken here, or not there (any more)."""


class MissingPackageError(AnychatError, ImportError, ValueError):
    """What was asked for needs a package that is not installed. Chainlit raises a ValueError, or an ImportError."""


class CallbackInterrupted(AnychatError):
    """The kernel was interrupted while this callback was blocking its main thread."""

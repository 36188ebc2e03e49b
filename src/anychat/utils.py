"""Where Chainlit's users find small things."""

from .message import utc_now

__all__ = ["utc_now"]

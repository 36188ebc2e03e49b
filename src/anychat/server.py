"""``from anychat.server import app``: accepted, for Chainlit apps that add routes to its web server."""

from .names import Nowhere

__all__ = ["app"]

app = Nowhere()

"""Where Chainlit's users find what stores conversations. Here nothing is stored but by an App itself."""

from ..callbacks import default_app
from ..context import current_session
from .base import BaseDataLayer
from .utils import queue_until_user_message

__all__ = ["BaseDataLayer", "get_data_layer", "queue_until_user_message"]


def get_data_layer() -> BaseDataLayer | None:
    """What the ``@cl.data_layer`` of the App returned whose callback is running; None if it has none.

    It is made when it is first asked for. Outside of callbacks it is that of the default App.
    """
    session = current_session.get(None)
    layer: BaseDataLayer | None = (session.options if session else default_app.options).find_data_layer()
    return layer

"""The package's logger. Without handlers of the user's own it is silent: errors are shown in their chats."""

import logging

logger = logging.getLogger("anychat")
logger.addHandler(logging.NullHandler())

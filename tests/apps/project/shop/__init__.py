from .stock import ITEMS

__all__ = ["ITEMS"]

from chainlit import Message, user_session

from . import stock


async def order(wish: str, items: list[str]) -> None:
    user_session.set("ordered", wish)
    await Message(content=f"{wish}: {'here you are' if wish in items else 'sold out'}, of {len(stock.ITEMS)}").send()

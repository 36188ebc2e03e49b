import type { AskItem, ElementItem } from "../protocol.ts";
import type { Store } from "../store.ts";

/** The element of the conversation that has this id, as it is shown. Subscribes who reads it. */
export function elementOf(store: Store, id: string): ElementItem | undefined {
  const item = store.picture.item(id).value?.item;
  return item?.kind === "element" ? item : undefined;
}

/** The same, wherever it is shown. */
export function shownElement(store: Store, id: string): ElementItem | undefined {
  const beside = store.picture.sidebar.value?.elements.find((each) => each.id === id);
  return elementOf(store, id) ?? beside;
}

/** The element as the kernel has told last, also where that is not shown yet. */
export function toldElement(store: Store, id: string): ElementItem | undefined {
  const { transcript } = store.picture;
  const item = transcript?.item(id);
  return item?.kind === "element" ? item : transcript?.sidebar?.elements.find((each) => each.id === id);
}

/** The question that waits for an element to answer it. */
export function questionOf(store: Store, { for_id }: ElementItem): AskItem | undefined {
  const asks = store.picture.asks.peek().map((id) => store.picture.item(id).peek()?.item);
  return asks.find(
    (ask): ask is AskItem => ask?.kind === "ask" && ask.type === "element" && ask.for_id === for_id,
  );
}

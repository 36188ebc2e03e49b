// Clicks on buttons: each is repeated, the very same one, until the kernel shows that it took it.

import { randomId } from "../randomId.ts";
import type { Store } from "../store.ts";

/** Clicks a button, unless it is clicked already. */
export function click(store: Store, action: string): void {
  if (isClicked(store, action) || !store.isWritable.value) return;
  const [click, { epoch }] = [randomId(), store];
  const isTaken = () => {
    const item = store.picture.transcript?.item(action);
    return item?.kind !== "action" || item.clicked === click || store.epoch !== epoch;
  };
  store.ask({ type: "click", click, action, epoch }, isTaken);
}

/** Whether the user clicked a button, and the kernel has not shown that it heard. */
export function isClicked(store: Store, action: string): boolean {
  return store.asked.value.some((each) => each.type === "click" && each.action === action);
}

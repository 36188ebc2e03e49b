// The core bundle's door: what the loader calls once it has fetched the bundle.

import { openComm } from "./comm.ts";
import type { Model } from "./model.ts";
import { Store } from "./store.ts";

export { mount } from "./view/mount.tsx";

/**
 * The store of one model: made once, shared by all its views, closed with the model.
 *
 * @param early custom messages that came before there was a store.
 */
export function open(model: Model, early: readonly unknown[] = []): Store {
  const isBoard = model.get?.("_shows") === "inspector";
  return new Store(openComm(model, early), undefined, undefined, isBoard);
}

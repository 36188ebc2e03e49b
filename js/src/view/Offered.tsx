import type { Store } from "../store.ts";

export interface OfferedProps {
  readonly store: Store;
  readonly place: "header" | "middle" | "composer";
}

/** Where a lazy part of the bundle shows what is offered; nothing is fetched before there is something. */
export function Offered(props: OfferedProps) {
  const chunk = props.store.hasOffers.value ? props.store.chunks.get("offers") : undefined;
  return chunk ? <chunk.Place {...props} /> : null;
}

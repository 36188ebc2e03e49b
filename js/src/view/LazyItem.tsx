import type { ComponentChildren } from "preact";
import type { ActionItem, AskItem, ElementItem, Item, StepItem } from "../protocol.ts";
import type { Store } from "../store.ts";

type Lazy = StepItem | ActionItem | AskItem | ElementItem;

/** Which part of the bundle shows an item of each kind. */
const CHUNK = { step: "steps", action: "asking", ask: "asking", element: "elements" } as const;

export interface LazyProps<Kind extends Item = Lazy> {
  readonly store: Store;
  readonly item: Kind;
  readonly edition: number;
  /** The items that are shown in this one. */
  readonly inside: ComponentChildren;
}

/** An item that a lazy part of the bundle shows; what is inside it, until that part is there. */
export function LazyItem(props: LazyProps) {
  const chunk = props.store.chunks.get(CHUNK[props.item.kind]);
  return chunk ? <chunk.View {...props} /> : <div>{props.inside}</div>;
}

import type { Offers } from "../protocol.ts";
import type { Store } from "../store.ts";

const NOTHING: Pick<
  Offers,
  "profiles" | "profile" | "starters" | "commands" | "modes" | "settings" | "taken" | "edits"
> = {
  profiles: [],
  profile: null,
  starters: [],
  commands: [],
  modes: [],
  settings: [],
  taken: null,
  edits: false,
};

/** What the user is offered now. Reading it in a component subscribes the component. */
export function offersOf(store: Store): typeof NOTHING {
  return store.picture.offers.value ?? NOTHING;
}

/** Whether the user has said nothing yet. The message that begins a turn has the turn's id. */
export function isUnsaid({ picture, outbox, earlier }: Store): boolean {
  const isSaid = (turn: string) => picture.turn(turn).value?.items.includes(turn);
  return outbox.value.length === 0 && earlier.value === 0 && !picture.turnIds.value.some(isSaid);
}

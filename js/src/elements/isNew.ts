import type { ElementItem } from "../protocol.ts";
import type { Store } from "../store.ts";

/** What is said within so many milliseconds is said to a reader who is there. */
const JUST_NOW = 15_000;

/** Whether an element comes with an answer, and not with a conversation that was there: then it acts by itself. */
export function isNew(store: Store, { for_id }: ElementItem): boolean {
  if (store.current.peek() !== undefined) return true;
  const message = for_id === null ? undefined : store.picture.item(for_id).peek()?.item;
  return message?.kind === "message" && Math.abs(Date.now() - Date.parse(message.created_at)) < JUST_NOW;
}

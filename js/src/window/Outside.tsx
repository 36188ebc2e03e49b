import { useEffect } from "preact/hooks";
import { MAX_WINDOW_CHARS } from "../protocol.ts";
import { randomId } from "../randomId.ts";
import type { Store } from "../store.ts";

/** Says to the window what the App has for it, and brings to the App what the window hears, where it wants to know. */
export function Outside({ store }: { store: Store }) {
  const waiting = store.forWindow.value;
  const listens = store.picture.offers.value?.window_messages ?? false;
  useEffect(() => {
    if (waiting.length === 0 || store.forWindow.peek() !== waiting) return; // another view has said it
    store.forWindow.value = [];
    for (const data of waiting) say(data);
  }, [store, waiting]);
  useEffect(() => {
    if (!listens) return undefined;
    const hear = (event: MessageEvent) => bring(store, event);
    window.addEventListener("message", hear);
    return () => window.removeEventListener("message", hear);
  }, [store, listens]);
  return null;
}

/** What chats have said to this window: no chat hears it, or two would talk for ever. */
const ours = new WeakSet<Event>();
const heard = new WeakMap<Store, WeakSet<Event>>();

function say(data: unknown): void {
  const event = new MessageEvent("message", { data, origin: location.origin, source: window });
  ours.add(event);
  window.dispatchEvent(event);
}

/** Only of the page's own origin, once for all views, and only what can travel. */
function bring(store: Store, event: MessageEvent): void {
  const known = heard.get(store) ?? new WeakSet();
  heard.set(store, known);
  if (event.origin !== location.origin || ours.has(event) || known.has(event)) return;
  known.add(event);
  if (!canTravel(event.data)) return;
  const [post, { epoch }] = [randomId(), store];
  const isHeard = () => store.heard.has(post) || store.epoch !== epoch;
  store.ask({ type: "post_window", post, epoch, data: event.data }, isHeard);
}

function canTravel(data: unknown): boolean {
  try {
    return (JSON.stringify(data)?.length ?? Number.POSITIVE_INFINITY) < MAX_WINDOW_CHARS;
  } catch {
    return false; // it holds itself, or numbers that JSON does not know
  }
}

import { useEffect, useReducer, useRef } from "preact/hooks";
import { whenIdle } from "../markdown/idle.ts";
import type { Store } from "../store.ts";

/** How much is drawn in one task; enough turns, too, to fill the box at once. */
const MOST_TURNS = 20;
const MOST_CHARS = 20_000;
/** While an answer is awaited, this much time is between two slices: it must not wait for one. */
const AWAITED_MS = 300;

/**
 * Those of the turns that are shown by now.
 *
 * When many come at once, or in front of the others, the newest are shown at once and the others when the page
 * has time: a long conversation opens as fast as a short one.
 */
export function useShownTurns(store: Store, turns: readonly string[]): readonly string[] {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const held = useRef<{ first: string | undefined }>({ first: undefined }).current;
  const at = held.first === undefined ? -1 : turns.indexOf(held.first);
  const isAwaited = store.outbox.value.length > 0;
  const start = at < 0 ? sliceStart(store, turns, turns.length) : at;
  held.first = turns[start];

  useEffect(() => {
    if (start === 0) return undefined;
    const show = () => {
      held.first = turns[sliceStart(store, turns, start)];
      redraw(undefined);
    };
    if (!isAwaited) return whenIdle(show);
    const timer = setTimeout(show, AWAITED_MS);
    return () => clearTimeout(timer);
  }, [store, held, turns, start, isAwaited]);
  return start === 0 ? turns : turns.slice(start);
}

/** Where the slice begins that ends at `end`: at least one turn earlier. */
function sliceStart(store: Store, turns: readonly string[], end: number): number {
  let start = end;
  for (let chars = 0; start > 0 && end - start < MOST_TURNS && chars < MOST_CHARS; start--) {
    chars += charsOf(store, turns[start - 1] ?? "");
  }
  return start;
}

function charsOf({ picture: { transcript } }: Store, id: string): number {
  const items = transcript?.turn(id)?.items ?? [];
  return items.reduce((sum, item) => sum + (transcript?.item(item)?.content.length ?? 0), 0);
}

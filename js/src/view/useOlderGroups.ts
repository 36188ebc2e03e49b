import { useEffect, useReducer, useRef } from "preact/hooks";

/** Groups that are shown at once: the newest may have a single turn, which would leave the box almost empty. */
const AT_ONCE = 2;

/**
 * The first of so many groups to show now.
 *
 * When many come at once, the newest are shown at once and the others when the page has time: a long
 * conversation opens as fast as a short one.
 */
export function useOlderGroups(count: number): number {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const held = useRef({ count: 0, first: 0 }).current;
  if (count > held.count + 1) held.first = Math.max(0, count - AT_ONCE);
  held.first = Math.min(held.first, count);
  held.count = count;

  const { first } = held;
  useEffect(() => {
    if (first === 0) return undefined;
    return whenIdle(() => {
      held.first = first - 1;
      redraw(undefined);
    });
  }, [held, first]);
  return first;
}

/** Safari has no idle callbacks. */
function whenIdle(action: () => void): () => void {
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(action, 1);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(action, { timeout: 500 });
  return () => cancelIdleCallback(handle);
}

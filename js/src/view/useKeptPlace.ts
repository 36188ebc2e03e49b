import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Keeps what the reader sees where it is when `first`, the first turn, is another one: turns were put in front.
 *
 * Browsers do this by themselves, but none at the very top, and not all of them elsewhere.
 */
export function useKeptPlace(
  box: RefObject<HTMLElement | null>,
  first: string | undefined,
  isPinned: () => boolean,
): void {
  const shown = useRef(first);
  // Measured while the page is still as it was.
  const mark = shown.current !== first && !isPinned() ? markIn(box.current) : undefined;
  useLayoutEffect(() => {
    shown.current = first;
    if (!mark?.group.isConnected || !box.current) return;
    const moved = bottomOf(mark.group) - mark.bottom;
    if (moved !== 0) box.current.scrollTop += moved;
  });
}

/** The end of the first group: all that is put in front comes before it. */
function markIn(box: HTMLElement | null): { group: Element; bottom: number } | undefined {
  const group = box?.querySelector(".turns");
  return group ? { group, bottom: bottomOf(group) } : undefined;
}

const bottomOf = (element: Element): number => element.getBoundingClientRect().bottom;

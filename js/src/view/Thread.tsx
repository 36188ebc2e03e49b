import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { isSameList } from "../markdown/lists.ts";
import { memo } from "../markdown/memo.ts";
import type { Pending } from "../outbox.ts";
import type { Store } from "../store.ts";
import { EarlierTurns } from "./EarlierTurns.tsx";
import { groupTurns } from "./groupTurns.ts";
import { DownIcon } from "./icons.tsx";
import { StickToBottom } from "./StickToBottom.ts";
import { TurnView } from "./TurnView.tsx";
import { useKeptPlace } from "./useKeptPlace.ts";
import { useShownTurns } from "./useShownTurns.ts";

/** So many heights of the box before the beginning, what comes before it is fetched. */
const NEAR_TOP = 2;

/** The conversation, scrolled to its end unless the reader scrolled up. */
export function Thread({ store }: { store: Store }) {
  const log = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stick = useRef(new StickToBottom()).current;
  const outbox = store.outbox.value;
  const lastSent = outbox.at(-1)?.turn;
  const ids = store.picture.turnIds.value;
  const turns = useMemo(() => turnsShown(ids, outbox), [ids, outbox]);
  const shown = useShownTurns(store, turns);
  const isSettled = shown.length === turns.length;
  const groups = groupTurns(shown, useAnchor(turns) - (turns.length - shown.length));
  useKeptPlace(log, shown[0], () => stick.isPinned.peek());

  useLayoutEffect(() => {
    if (!log.current || !content.current) return undefined;
    return stick.watch(log.current, content.current);
  }, [stick]);
  useEffect(() => {
    if (lastSent) stick.pin();
  }, [stick, lastSent]);

  const scroll = ({ currentTarget: { scrollTop, clientHeight } }: { currentTarget: HTMLElement }) => {
    if (isSettled && !stick.isPinned.peek() && scrollTop < NEAR_TOP * clientHeight) store.getEarlier();
  };
  return (
    <div class="thread">
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard. */}
      <div
        class="log"
        role="log"
        aria-live="off"
        aria-label="Conversation"
        tabIndex={0}
        ref={log}
        onScroll={scroll}
      >
        <div class="log-content" ref={content}>
          <EarlierTurns store={store} isSettled={isSettled} />
          {groups.map(({ number, turns }, index) => (
            <Group
              key={number}
              store={store}
              turns={turns}
              outbox={outbox.filter(({ turn }) => turns.includes(turn))}
              isNewest={index === groups.length - 1}
            />
          ))}
        </div>
      </div>
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard. */}
      <DownButton stick={stick} log={log} />
    </div>
  );
}

interface GroupProps {
  readonly store: Store;
  readonly turns: readonly string[];
  readonly outbox: readonly Pending[];
  readonly isNewest: boolean;
}

/** Rendered again only when its own turns change: in a long conversation a message costs what it costs in a short one. */
const Group = memo(
  ({ store, turns, outbox, isNewest }: GroupProps) => (
    <div class={isNewest ? "turns" : "turns older"}>
      {turns.map((turn) => (
        <TurnView
          key={turn}
          store={store}
          id={turn}
          pending={outbox.find((pending) => pending.turn === turn)}
        />
      ))}
    </div>
  ),
  (before, after) =>
    before.store === after.store &&
    before.isNewest === after.isNewest &&
    isSameList(before.turns, after.turns) &&
    isSameList(before.outbox, after.outbox),
);

function DownButton({ stick, log }: { stick: StickToBottom; log: RefObject<HTMLElement | null> }) {
  if (stick.isPinned.value) return null;
  return (
    <button
      type="button"
      class={stick.hasNews.value ? "down news" : "down"}
      aria-label="Scroll to the latest message"
      title="Scroll to the latest message"
      onClick={() => {
        log.current?.focus({ preventScroll: true }); // the button goes
        stick.pin();
      }}
    >
      <DownIcon />
      {stick.hasNews.value && <span>New messages</span>}
    </button>
  );
}

/** The turns of the transcript, then those that the kernel has not shown to have, in the place of what they replace. */
function turnsShown(turns: readonly string[], outbox: readonly Pending[]): readonly string[] {
  const known = new Set(turns);
  const replaced = outbox.map(({ replaces }) => (replaces === null ? -1 : turns.indexOf(replaces)));
  const end = Math.min(...replaced.filter((index) => index >= 0), turns.length);
  return [
    ...turns.slice(0, end),
    ...outbox.map((pending) => pending.turn).filter((turn) => !known.has(turn)),
  ];
}

/** Where the turn is that was the first one at first. */
function useAnchor(turns: readonly string[]): number {
  const anchor = useRef<string | undefined>(undefined);
  const at = anchor.current === undefined ? -1 : turns.indexOf(anchor.current);
  if (at >= 0) return at;
  anchor.current = turns[0];
  return 0;
}

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Pending } from "../outbox.ts";
import type { Store } from "../store.ts";
import { DownIcon } from "./icons.tsx";
import { StickToBottom } from "./StickToBottom.ts";
import { TurnView } from "./TurnView.tsx";
import { useOlderGroups } from "./useOlderGroups.ts";

/** Turns are laid out in groups, and the browser skips the groups out of sight: one by one would be slower than all. */
export const GROUP_SIZE = 50;

/** The conversation, scrolled to its end unless the reader scrolled up. */
export function Thread({ store }: { store: Store }) {
  const log = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stick = useRef(new StickToBottom()).current;
  const outbox = store.outbox.value;
  const lastSent = outbox.at(-1)?.turn;
  const groups = groupsOf(turnsShown(store.picture.turnIds.value, outbox));
  const first = useOlderGroups(groups.length);

  useLayoutEffect(() => {
    if (!log.current || !content.current) return undefined;
    return stick.watch(log.current, content.current);
  }, [stick]);
  useEffect(() => {
    if (lastSent) stick.pin();
  }, [stick, lastSent]);

  return (
    <div class="thread">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard. */}
      <div class="log" role="log" aria-live="off" aria-label="Conversation" tabIndex={0} ref={log}>
        <div class="log-content" ref={content}>
          {groups.slice(first).map((turns, index) => (
            <Group
              key={first + index}
              store={store}
              turns={turns}
              outbox={outbox}
              isNewest={first + index === groups.length - 1}
            />
          ))}
        </div>
      </div>
      <DownButton stick={stick} />
    </div>
  );
}

interface GroupProps {
  readonly store: Store;
  readonly turns: readonly string[];
  readonly outbox: readonly Pending[];
  readonly isNewest: boolean;
}

function Group({ store, turns, outbox, isNewest }: GroupProps) {
  return (
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
  );
}

function DownButton({ stick }: { stick: StickToBottom }) {
  if (stick.isPinned.value) return null;
  return (
    <button
      type="button"
      class={stick.hasNews.value ? "down news" : "down"}
      aria-label="Scroll to the latest message"
      title="Scroll to the latest message"
      onClick={() => stick.pin()}
    >
      <DownIcon />
      {stick.hasNews.value && <span>New messages</span>}
    </button>
  );
}

/** The turns of the transcript, then those that the kernel has not shown to have. */
function turnsShown(turns: readonly string[], outbox: readonly Pending[]): readonly string[] {
  const known = new Set(turns);
  return [...turns, ...outbox.map((pending) => pending.turn).filter((turn) => !known.has(turn))];
}

function groupsOf(turns: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(turns.length / GROUP_SIZE);
  return Array.from({ length: count }, (_, index) =>
    turns.slice(index * GROUP_SIZE, (index + 1) * GROUP_SIZE),
  );
}

import type { Store } from "../store.ts";
import { Later } from "../view/Later.tsx";
import { SessionView } from "./SessionView.tsx";
import { watchOf } from "./watch.ts";

/** The states of one or several chats, in columns. */
export function Board({ store }: { store: Store }) {
  const count = watchOf(store, 0).picture.value?.chats ?? 1;
  return (
    <section class="chat board" aria-label="Inspector">
      <Line store={store} />
      <div class="columns">
        {Array.from({ length: count }, (_, chat) => (
          <Column key={chat} store={store} chat={chat} />
        ))}
      </div>
    </section>
  );
}

function Column({ store, chat }: { store: Store; chat: number }) {
  const picture = watchOf(store, chat).picture.value;
  const title = picture ? `${picture.assistant} · ${picture.user}` : "…";
  return (
    <section class="column" aria-label={title}>
      <div class="inspector-head">
        <h3 title={title}>{title}</h3>
      </div>
      <SessionView store={store} chat={chat} />
    </section>
  );
}

function Line({ store }: { store: Store }) {
  const { value } = store.connection;
  if (value === "live") return null;
  const text =
    value === "connecting"
      ? "Waiting for the kernel…"
      : value === "lost"
        ? "The kernel does not answer."
        : "Reconnecting…";
  return (
    <Later ms={600}>
      <p class="board-line header-state">{text}</p>
    </Later>
  );
}

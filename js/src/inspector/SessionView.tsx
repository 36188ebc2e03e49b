import { useLayoutEffect } from "preact/hooks";
import type { Inspection } from "../protocol.ts";
import type { Store } from "../store.ts";
import { Later } from "../view/Later.tsx";
import { Branch } from "./Branch.tsx";
import { type Watch, watchOf } from "./watch.ts";

/** One session: its status, its state, and the keys that belong to the session itself. */
export function SessionView({ store, chat }: { store: Store; chat: number }) {
  const watch = watchOf(store, chat);
  useLayoutEffect(() => watch.open(), [watch]);
  const picture = watch.picture.value;
  if (!picture)
    return (
      <Later ms={600}>
        <p class="inspector-note">Waiting for the kernel…</p>
      </Later>
    );
  return <Session watch={watch} picture={picture} />;
}

function Session({ watch, picture }: { watch: Watch; picture: Inspection }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard.
    <section class="inspector-body" aria-label="Keys and values" tabIndex={0} data-session={picture.id}>
      <p class="inspector-note">{STATUS[picture.status] ?? picture.status}</p>
      <Branch watch={watch} node={picture.state} path={["state"]} />
      {picture.state.total === 0 && picture.status !== "ended" && (
        <p class="inspector-note">Nothing is kept yet: cl.user_session.set(key, value) keeps something.</p>
      )}
      <h4>Session</h4>
      <Branch watch={watch} node={picture.session} path={["session"]} />
    </section>
  );
}

const STATUS: Readonly<Record<string, string>> = {
  new: "Not begun",
  idle: "Idle",
  running: "Running",
  waiting: "Waiting for an answer",
  stopping: "Stopping",
  ended: "Ended: what it kept is gone",
};

import { useEffect, useState } from "preact/hooks";
import type { Store } from "../store.ts";
import { focusComposer } from "./Composer.tsx";
import { InspectIcon, NewChatIcon } from "./icons.tsx";
import { Later } from "./Later.tsx";
import { Offered } from "./Offered.tsx";

const ARMED_MS = 5000;
const CONNECTING_SHOWS_MS = 600;

interface Props {
  readonly store: Store;
  readonly assistant: string;
}

export function Header({ store, assistant }: Props) {
  return (
    <header class="header">
      <h2 class="header-name" title={assistant}>
        {assistant}
      </h2>
      <Speaker store={store} />
      <ConnectionState store={store} />
      <Offered store={store} place="header" />
      <InspectButton store={store} />
      <NewChatButton store={store} />
    </header>
  );
}

/** Who writes here, where the notebook says it: several chats may be several users. */
function Speaker({ store }: { store: Store }) {
  const user = store.picture.info.value?.user;
  if (!user) return null;
  return (
    <span class="header-user" title={`You write as ${user}`}>
      {user}
    </span>
  );
}

function ConnectionState({ store }: { store: Store }) {
  switch (store.connection.value) {
    case "connecting":
      return (
        <Later ms={CONNECTING_SHOWS_MS}>
          <span class="header-state">Waiting for the kernel…</span>
        </Later>
      );
    case "reconnecting":
      return <span class="header-state">Reconnecting…</span>;
    default:
      return null;
  }
}

/** Shows the state of the session, and hides it. */
function InspectButton({ store: { isInspecting } }: { store: Store }) {
  const toggle = () => {
    isInspecting.value = !isInspecting.value;
  };
  return (
    <button
      type="button"
      class="icon-button inspect"
      aria-label="State"
      aria-expanded={isInspecting.value}
      title="State of the session"
      onClick={toggle}
    >
      <InspectIcon />
    </button>
  );
}

/** Starts over; when there is something to lose, only at the second click. */
function NewChatButton({ store }: { store: Store }) {
  const [isArmed, arm] = useState(false);
  useEffect(() => {
    if (!isArmed) return;
    const timer = setTimeout(() => arm(false), ARMED_MS);
    return () => clearTimeout(timer);
  }, [isArmed]);
  if (!store.isWritable.value) return null;

  const click = (event: { currentTarget: HTMLElement }) => {
    const isConfirmed = isArmed || store.picture.turnIds.value.length === 0;
    arm(!isConfirmed);
    if (!isConfirmed) return;
    focusComposer(event);
    store.restart();
  };
  return (
    <button
      type="button"
      class={isArmed ? "text-button new-chat armed" : "icon-button new-chat"}
      aria-label={isArmed ? "Confirm new chat" : "New chat"}
      title={isArmed ? "Ends this conversation and starts another" : "New chat"}
      disabled={store.isRestarting || store.picture.info.value === undefined}
      onClick={click}
      onBlur={() => arm(false)}
      onKeyDown={(event) => event.key === "Escape" && arm(false)}
    >
      {isArmed ? "Start over?" : <NewChatIcon />}
    </button>
  );
}

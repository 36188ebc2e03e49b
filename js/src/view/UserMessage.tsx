import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { MessageItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { isActive } from "../transcript.ts";
import { AgainIcon, EditIcon, NextIcon, PreviousIcon } from "./icons.tsx";
import { UserBubble } from "./UserBubble.tsx";

interface Props {
  readonly store: Store;
  readonly message: MessageItem;
  readonly time: string;
  /** What was given with it. */
  readonly children: ComponentChildren;
}

/** What the user said, and what can be done about it: say it otherwise, ask it again, step between the branches. */
export function UserMessage({ store, message: { id, author, content, command }, time, children }: Props) {
  const isEdited = useComputed(() => store.draft.edit.value?.turn === id).value;
  const editing = isEdited ? store.chunks.get("editing") : undefined;
  if (editing) return <editing.EditBox store={store} />;
  return (
    <UserBubble id={id} author={author} content={content} command={command} time={time}>
      {children}
      <Tools store={store} turn={id} />
    </UserBubble>
  );
}

function Tools({ store, turn }: { store: Store; turn: string }) {
  const shown = store.picture.turn(turn).value;
  if (!shown || isActive(shown)) return null; // said by the App, no turn of the user's; or it is not over
  const { siblings } = shown;
  return (
    <div class={siblings.length > 0 ? "message-actions kept" : "message-actions"} data-chat-chrome>
      {siblings.length > 0 && <Branches store={store} turn={turn} siblings={siblings} />}
      <ToolButton label="Edit message" onClick={() => store.beginEdit(turn)}>
        <EditIcon />
      </ToolButton>
      <ToolButton label="Ask again" onClick={() => store.askAgain(turn)}>
        <AgainIcon />
      </ToolButton>
    </div>
  );
}

interface BranchesProps {
  readonly store: Store;
  readonly turn: string;
  readonly siblings: readonly string[];
}

function Branches({ store, turn, siblings }: BranchesProps) {
  const at = siblings.indexOf(turn);
  const [previous, next] = [siblings[at - 1], siblings[at + 1]];
  return (
    <>
      <ToolButton label="Previous version" onClick={previous && (() => store.showBranch(previous))}>
        <PreviousIcon />
      </ToolButton>
      <span class="branch-number">
        {at + 1}/{siblings.length}
      </span>
      <ToolButton label="Next version" onClick={next && (() => store.showBranch(next))}>
        <NextIcon />
      </ToolButton>
    </>
  );
}

interface ToolButtonProps {
  readonly label: string;
  readonly onClick: (() => void) | "" | undefined;
  readonly children: ComponentChildren;
}

function ToolButton({ label, onClick, children }: ToolButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      disabled={!onClick}
      onClick={onClick || undefined}
    >
      {children}
    </button>
  );
}

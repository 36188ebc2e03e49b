import { useComputed } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import type { MessageItem, Rating } from "../protocol.ts";
import type { Store } from "../store.ts";
import { isActive } from "../transcript.ts";
import { Icon } from "../view/icons.tsx";
import { CommentBox } from "./CommentBox.tsx";

interface Props {
  readonly store: Store;
  readonly message: MessageItem;
}

/** Below the last message of an answer: whether it was good. Pressed again, a thumb takes it back. */
export function Thumbs({ store, message: { id, rating } }: Props) {
  const isLast = useComputed(() => isEndOfAnswer(store, id)).value;
  const [isCommenting, setIsCommenting] = useState(false);
  const thumbs = useRef<HTMLDivElement>(null);
  if (!isLast) return null;
  // Until the kernel shows one, another cannot be given: it might take them in another order.
  const isBusy = store.asked.value.some((each) => each.type === "rate" && each.message === id);
  const give = (value: Rating["value"]) => {
    if (isBusy) return;
    const isSame = rating?.value === value;
    rate(store, id, isSame ? null : { value, comment: rating?.comment ?? "" });
    setIsCommenting(!isSame);
  };
  return (
    <div class="thumbs" ref={thumbs}>
      <Thumb label="Good answer" isOn={rating?.value === 1} isBusy={isBusy} onClick={() => give(1)}>
        <path d={THUMB} />
      </Thumb>
      <Thumb label="Bad answer" isOn={rating?.value === 0} isBusy={isBusy} onClick={() => give(0)}>
        <path d={THUMB} transform="rotate(180 12 12)" />
      </Thumb>
      {isCommenting && rating && (
        <CommentBox
          comment={rating.comment}
          isBusy={isBusy}
          onSend={(comment) => rate(store, id, { ...rating, comment })}
          onClose={() => {
            thumbs.current?.querySelector<HTMLElement>(".on")?.focus();
            setIsCommenting(false);
          }}
        />
      )}
    </div>
  );
}

const THUMB =
  "M7 11v9H4v-9zM7 11l4-8a2.500 2.500 0 0 1 2.500 2.500V9H19a1.800 1.800 0 0 1 1.800 2.100l-1.200 7A2.200 2.200 0 0 1 17.400 20H7";

interface ThumbProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly isBusy: boolean;
  readonly onClick: () => void;
  readonly children: preact.ComponentChildren;
}

function Thumb({ label, isOn, isBusy, onClick, children }: ThumbProps) {
  return (
    <button
      type="button"
      class={isOn ? "icon-button thumb on" : "icon-button thumb"}
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      aria-disabled={isBusy}
      onClick={onClick}
    >
      <Icon>{children}</Icon>
    </button>
  );
}

function rate(store: Store, message: string, rating: Rating | null): void {
  const { epoch } = store;
  const isShown = () => {
    const item = store.picture.transcript?.item(message);
    return store.epoch !== epoch || item?.kind !== "message" || isSame(item.rating, rating);
  };
  store.ask({ type: "rate", message, epoch, rating }, isShown);
}

function isSame(a: Rating | null, b: Rating | null): boolean {
  return a?.value === b?.value && a?.comment === b?.comment;
}

/** Whether a message is the last that was said in a turn that is over. */
function isEndOfAnswer(store: Store, message: string): boolean {
  const home = store.picture.transcript?.home(message);
  const turn = home === undefined ? undefined : store.picture.turn(home).value;
  if (!turn || isActive(turn)) return false;
  const said = turn.items.filter((id) => {
    const item = store.picture.item(id).peek()?.item;
    return item?.kind === "message" && item.type === "assistant_message" && !item.is_error;
  });
  return said.at(-1) === message;
}

import { useState } from "preact/hooks";
import { isPlain } from "../view/Composer.tsx";

interface Props {
  readonly comment: string;
  /** Nothing can be sent now. */
  readonly isBusy: boolean;
  readonly onSend: (comment: string) => void;
  readonly onClose: () => void;
}

/** Says more of an answer than a thumb can; who does not want to just goes on. */
export function CommentBox({ comment, isBusy, onSend, onClose }: Props) {
  const [text, setText] = useState(comment);
  const send = () => {
    if (isBusy) return;
    onSend(text.trim());
    onClose();
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method uses these keys for itself
    if (event.key === "Escape") onClose();
    if (!isPlain(event, "Enter")) return;
    event.preventDefault();
    send();
  };
  return (
    <div class="comment-box">
      <textarea
        rows={2}
        aria-label="Comment on this answer"
        placeholder="What was good or bad? (optional)"
        value={text}
        maxLength={10_000}
        dir="auto"
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={keyDown}
      />
      <div class="comment-buttons">
        <button type="button" class="text-button" disabled={isBusy || text.trim() === comment} onClick={send}>
          Send
        </button>
        <button type="button" class="text-button" onClick={onClose}>
          Close
        </button>
      </div>
    </div>
  );
}

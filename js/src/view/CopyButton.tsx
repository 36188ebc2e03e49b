import { useEffect, useState } from "preact/hooks";
import { copyText } from "../markdown/clipboard.ts";
import { CheckIcon, CopyIcon } from "./icons.tsx";

const DONE_SHOWS_MS = 1500;

export function CopyButton({ label, text }: { label: string; text: string }) {
  const [isDone, setIsDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setIsDone(false), DONE_SHOWS_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  return (
    <button
      type="button"
      class="icon-button copy-button"
      data-chat-chrome
      aria-label={isDone ? "Copied" : label}
      title={isDone ? "Copied" : label}
      onClick={() => copyText(text).then(setIsDone)}
    >
      {isDone ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}

import { useEffect, useState } from "preact/hooks";
import { copyText } from "./clipboard.ts";

const DONE_SHOWS_MS = 1500;

/** Whether a text was copied just now, and what copies it. */
export function useCopy(text: () => string): readonly [isCopied: boolean, copy: () => void] {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), DONE_SHOWS_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return [isCopied, () => void copyText(text()).then(setIsCopied)];
}

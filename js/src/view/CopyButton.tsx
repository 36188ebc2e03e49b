import { useCopy } from "../markdown/useCopy.ts";
import { CheckIcon, CopyIcon } from "./icons.tsx";

export function CopyButton({ label, text }: { label: string; text: string }) {
  const [isCopied, copy] = useCopy(() => text);
  const title = isCopied ? "Copied" : label;
  return (
    <button
      type="button"
      class="icon-button copy-button"
      data-chat-chrome
      aria-label={title}
      title={title}
      onClick={copy}
    >
      {isCopied ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}

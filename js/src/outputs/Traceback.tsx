import { CopyButton } from "../view/CopyButton.tsx";
import { AnsiText } from "./AnsiText.tsx";

/** Where an error comes from, with the cell's lines. */
export function Traceback({ text }: { text: string }) {
  return (
    <div class="traceback-body">
      <AnsiText class="traceback-text" label="Traceback" text={text} />
      <CopyButton label="Copy traceback" text={text} />
    </div>
  );
}

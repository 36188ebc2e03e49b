import type { OutputItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { Later } from "./Later.tsx";

const LOADING_SHOWS_MS = 600;

interface Props {
  readonly store: Store;
  readonly output: OutputItem;
  readonly edition: number;
}

/** What a callback printed or displayed; its words, until the part of the bundle that shows it is there. */
export function OutputPlace(props: Props) {
  const { store, output } = props;
  const outputs = store.chunks.get("outputs");
  if (outputs) return <outputs.OutputView {...props} />;
  return (
    <Later ms={LOADING_SHOWS_MS}>
      <div class="plain-output" data-output={output.id}>
        {output.content || output.data["text/plain"]}
      </div>
    </Later>
  );
}

import { assertNever } from "../assertNever.ts";
import type { OutputItem } from "../protocol.ts";
import type { Store } from "../store.ts";
import { Prose } from "../view/Prose.tsx";
import { AnsiText } from "./AnsiText.tsx";
import { AssetImage } from "./AssetImage.tsx";
import { HtmlFrame } from "./HtmlFrame.tsx";
import { richest } from "./mime.ts";

/** A callback that prints without end must not make the page lay out all of it at each line. */
const MOST_CHARS = 100_000;

interface Props {
  readonly store: Store;
  readonly output: OutputItem;
  readonly edition: number;
}

/** What a callback printed or displayed. */
export function OutputView({ store, output, edition }: Props) {
  const { id, name, content } = output;
  switch (name) {
    case "stdout":
    case "stderr":
      return (
        <div class="output" data-output={id} data-name={name}>
          <AnsiText class={`stream ${name}`} label={labelOf(name)} text={tail(content)} />
        </div>
      );
    case "display":
      return (
        <div class="output display" data-output={id} data-name={name}>
          <Displayed store={store} output={output} edition={edition} />
        </div>
      );
    default:
      return assertNever(name);
  }
}

function Displayed({ store, output, edition }: Props) {
  const display = richest(output);
  const words = output.data["text/plain"] ?? "Output";
  switch (display?.kind) {
    case "html":
      return <HtmlFrame html={display.html} label={words} />;
    case "image":
      return <AssetImage store={store} hash={display.hash} type={display.type} alt={words} />;
    case "svg":
      return (
        <img class="picture" src={`data:image/svg+xml,${encodeURIComponent(display.svg)}`} alt={words} />
      );
    case "markdown":
      return <Prose store={store} content={display.text} edition={edition} streaming={false} />;
    case "json":
    case "text":
      return <AnsiText class="stream" label="Output" text={display.text} from="start" />;
    case undefined:
      return null;
    default:
      return assertNever(display);
  }
}

function labelOf(name: "stdout" | "stderr"): string {
  return name === "stdout" ? "Printed output" : "Error output";
}

function tail(text: string): string {
  return text.length <= MOST_CHARS ? text : `… earlier output is not shown\n${text.slice(-MOST_CHARS)}`;
}

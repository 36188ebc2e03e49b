import type { Changed, ValueNode } from "../protocol.ts";
import { Field } from "./Field.tsx";
import type { Path, Watch } from "./watch.ts";

interface Props {
  readonly watch: Watch;
  readonly node: ValueNode;
  readonly path: Path;
}

/** The parts of a value, each in a row; where there are too many, the first and the last. */
export function Branch({ watch, node, path }: Props) {
  const hidden = node.total - node.first.length - node.last.length;
  const row = (part: ValueNode, index: number) => (
    <Row key={part.step || index} watch={watch} node={part} path={[...path, part.step]} />
  );
  return (
    <ul class="branch">
      {node.first.map(row)}
      {hidden > 0 && (
        <li class="gap">
          <button type="button" class="link-button" onClick={() => watch.showMore(path)}>
            {hidden.toLocaleString("en")} more
          </button>
        </li>
      )}
      {node.last.map((part, index) => row(part, node.first.length + index))}
    </ul>
  );
}

function Row({ watch, node, path }: Props) {
  const isOpened = watch.isOpened(path) && node.total > 0;
  const isNew = node.changed?.is_new ?? false;
  return (
    <li class={isNew ? "row new" : "row"} data-key={node.name}>
      <div class="row-head">
        <Twist watch={watch} node={node} path={path} />
        <span class="key" title={node.name}>
          {isNew && (
            <span class="mark" title="Changed in the newest turn">
              <span class="visually-hidden">Changed in the newest turn: </span>
            </span>
          )}
          {node.name}
        </span>
        <span class="type">{typeOf(node)}</span>
        {node.changed && <When changed={node.changed} />}
      </div>
      {isOpened && node.opened ? (
        <Branch watch={watch} node={node} path={path} />
      ) : (
        <Value watch={watch} node={node} path={path} />
      )}
    </li>
  );
}

/** Shows and hides the parts of a value. */
function Twist({ watch, node, path }: Props) {
  if (node.total === 0 || node.step === "") return <span class="twist" />;
  const isOpened = watch.isOpened(path);
  return (
    <button
      type="button"
      class="twist"
      aria-expanded={isOpened}
      aria-label={`Parts of ${node.name || node.summary}`}
      onClick={() => watch.toggle(path)}
    >
      <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" focusable="false">
        <path d="M3 1.500 7 5 3 8.500" fill="none" stroke="currentColor" stroke-width="1.500" />
      </svg>
    </button>
  );
}

function Value({ watch, node, path }: Props) {
  if (node.hidden)
    return (
      <div class="value secret" title="A secret: it stays in the kernel">
        {node.summary}
      </div>
    );
  if (node.editable !== null) return <Field watch={watch} node={node} path={path} />;
  return (
    <div class="value" title={node.summary}>
      {node.summary}
    </div>
  );
}

function When({ changed: { at, turn } }: { changed: Changed }) {
  const time = at === null ? undefined : new Date(at);
  const words = [turnText(turn, at), time?.toLocaleTimeString()].filter(Boolean).join(" · ");
  const title = turn === null ? "Last changed outside of a turn" : "Last changed";
  return (
    <time
      class="when"
      dateTime={at ?? undefined}
      title={`${title}${time ? `, ${time.toLocaleString()}` : ""}`}
    >
      {words}
    </time>
  );
}

function turnText(turn: number | null, at: string | null): string {
  if (turn === null) return at === null ? "earlier" : "";
  return turn === 0 ? "start" : `turn ${turn}`;
}

function typeOf({ type, total }: ValueNode): string {
  return total > 0 ? `${type} · ${total.toLocaleString("en")}` : type;
}

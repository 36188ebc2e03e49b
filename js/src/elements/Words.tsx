import { fenced } from "../view/fenced.ts";
import { Prose } from "../view/Prose.tsx";
import type { BodyProps } from "./Body.tsx";
import { Loading, Missing } from "./Notes.tsx";
import { RemoteLink } from "./Remote.tsx";
import { useText } from "./useText.ts";

/** A longer text is cut: the page would be busy with it for long. */
const MOST_CHARS = 300_000;

/** A text: Markdown, or code in a language. */
export function Words({ store, element }: BodyProps) {
  const text = useText(store, element);
  const { language, name } = element;
  if (text === undefined) return <Loading />;
  if (text === null) return <Missing name={name} />;
  if (text === "") return <RemoteLink element={element} />;
  const shown = text.length <= MOST_CHARS ? text : `${text.slice(0, MOST_CHARS)}\n\n… the rest is not shown.`;
  return (
    <div class="element-words">
      <Prose
        key={shown}
        store={store}
        content={language ? fenced(shown, language, false) : shown}
        edition={0}
        streaming={false}
      />
    </div>
  );
}

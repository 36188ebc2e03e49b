import type { Store } from "../store.ts";
import { NextIcon } from "../view/icons.tsx";

const SHOWN_CHARS = 120;

/** Above the composer: which question it answers, and how many others wait. */
export function Question({ store }: { store: Store }) {
  const [question, questions] = [store.question.value, store.questions.value];
  if (!question) return null;
  const at = questions.indexOf(question);
  return (
    <div class="question" data-question={question.id}>
      <div class="question-text" dir="auto">
        <span class="question-lead">Answering</span> {firstLine(question.content)}
      </div>
      {questions.length > 1 && (
        <>
          <span class="question-number">
            {at + 1} of {questions.length}
          </span>
          <button
            type="button"
            class="icon-button"
            aria-label="Answer another question"
            title="Answer another question"
            onClick={() => {
              store.draft.picked.value = questions[(at + 1) % questions.length]?.id;
            }}
          >
            <NextIcon />
          </button>
        </>
      )}
    </div>
  );
}

/** The question as one line, without the marks of Markdown. */
function firstLine(markdown: string): string {
  const line = markdown
    .replace(/[*`#]+/g, "")
    .trim()
    .replace(/\s+/g, " ");
  return line.length <= SHOWN_CHARS ? line : `${line.slice(0, SHOWN_CHARS)}…`;
}

import type { BodyProps } from "./Body.tsx";
import { Missing } from "./Notes.tsx";
import { parseTasks, type Task } from "./tasks.ts";
import { useText } from "./useText.ts";

const MARKS = { ready: "○", running: "◐", failed: "✕", done: "✓" } as const;

/** What is to be done, and how far it is. */
export function Tasks({ store, element }: BodyProps) {
  const list = parseTasks(useText(store, element) ?? "");
  if (list === null) return <Missing name={element.name} />;
  const done = list.tasks.filter(({ status }) => status === "done").length;
  return (
    <div class="element-tasks">
      <div class="tasks-head" role="status">
        <span dir="auto">{list.status}</span>
        <span class="tasks-count">
          {done} of {list.tasks.length} done
        </span>
      </div>
      <ul>
        {list.tasks.map((task, number) => (
          <TaskLine key={number} task={task} />
        ))}
      </ul>
    </div>
  );
}

function TaskLine({ task: { title, status, forId } }: { task: Task }) {
  return (
    <li data-task={status}>
      <span class="task-mark" aria-hidden="true">
        {MARKS[status]}
      </span>
      <span class="visually-hidden">{status}: </span>
      {forId === null ? (
        <span dir="auto">{title}</span>
      ) : (
        <button
          type="button"
          class="link-button"
          dir="auto"
          onClick={({ currentTarget }) => goTo(currentTarget, forId)}
        >
          {title}
        </button>
      )}
    </li>
  );
}

/** Scrolls the conversation to a message, and the focus goes with it. */
function goTo(from: HTMLElement, message: string): void {
  const root = from.getRootNode() as ParentNode;
  const articles = [...root.querySelectorAll<HTMLElement>("[data-message]")];
  const article = articles.find((each) => each.dataset.message === message);
  article?.scrollIntoView({ block: "nearest" });
  article?.focus({ preventScroll: true });
}

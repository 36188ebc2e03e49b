// A list of tasks as the kernel sends it, in JSON: read at the door, trusted inside.

const STATUSES = ["ready", "running", "failed", "done"] as const;

export interface Task {
  readonly title: string;
  readonly status: (typeof STATUSES)[number];
  /** The message that it leads to. */
  readonly forId: string | null;
}

export interface TaskList {
  readonly status: string;
  readonly tasks: readonly Task[];
}

/** The list in a text; null if there is none. */
export function parseTasks(text: string): TaskList | null {
  try {
    const list = JSON.parse(text);
    return isTaskList(list) ? list : null;
  } catch {
    return null;
  }
}

function isTaskList(list: Partial<TaskList> | null): list is TaskList {
  return typeof list?.status === "string" && Array.isArray(list.tasks) && list.tasks.every(isTask);
}

function isTask(task: Partial<Task> | null): task is Task {
  if (typeof task?.title !== "string" || (task.forId !== null && typeof task.forId !== "string"))
    return false;
  return STATUSES.some((status) => status === task.status);
}

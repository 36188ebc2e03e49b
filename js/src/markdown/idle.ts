// Work that can wait until the page has time, in slices that nobody notices. All chats of a page share one queue:
// what counts is how long the page is kept from drawing, not which chat keeps it.

const SLICE_MS = 6;
/** A page that is never idle does a slice this often all the same. */
const LATEST_MS = 500;

type Job = () => void;

const jobs = new Set<Job>();
let cancelSlice: (() => void) | undefined;

/** Does the job when the page has time; call what it returns to call it off. */
export function whenIdle(action: () => void): () => void {
  const job = () => action();
  jobs.add(job);
  cancelSlice ??= requestSlice();
  return () => {
    jobs.delete(job);
    if (jobs.size > 0) return;
    cancelSlice?.();
    cancelSlice = undefined;
  };
}

function work(): void {
  const end = performance.now() + SLICE_MS;
  try {
    for (const job of jobs) {
      jobs.delete(job);
      job();
      if (performance.now() >= end) break;
    }
  } finally {
    cancelSlice = jobs.size > 0 ? requestSlice() : undefined;
  }
}

/** Safari has no idle callbacks. */
function requestSlice(): () => void {
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(work, 1);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: LATEST_MS });
  return () => cancelIdleCallback(handle);
}

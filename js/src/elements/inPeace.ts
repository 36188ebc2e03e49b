/** Calls what a user's module gave. What it throws is told to the console: the chat goes on. */
export function inPeace(call: () => void, trouble: string): void {
  try {
    call();
  } catch (error) {
    console.error(trouble, error);
  }
}

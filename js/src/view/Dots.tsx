/** The assistant is at it, and has nothing to show yet. */
export function Dots() {
  return (
    <div class="dots" data-chat-chrome aria-hidden="true">
      <span />
      <span />
      <span />
    </div>
  );
}

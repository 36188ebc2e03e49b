import type { Store } from "../store.ts";
import { Announcer } from "./Announcer.tsx";
import { Banners } from "./Banners.tsx";
import { Beside } from "./Beside.tsx";
import { Composer } from "./Composer.tsx";
import { EmptyChat } from "./EmptyChat.tsx";
import { Header } from "./Header.tsx";
import { Offered } from "./Offered.tsx";
import { Thread } from "./Thread.tsx";

/** One view of a chat. */
export function Chat({ store }: { store: Store }) {
  const assistant = store.picture.info.value?.assistant ?? "";
  return (
    <section class="chat" aria-label={assistant ? `Chat with ${assistant}` : "Chat"}>
      <Header store={store} assistant={assistant} />
      <EmptyChat store={store} assistant={assistant} />
      <div class="middle">
        <Thread store={store} />
        <Beside store={store} />
      </div>
      <Offered store={store} place="middle" />
      <Banners store={store} />
      <Asked store={store} />
      <Composer store={store} assistant={assistant} />
      <Announcer store={store} assistant={assistant} />
      <Outside store={store} />
    </section>
  );
}

/** The window around the chat: nothing to see, but something to hear and to say. */
function Outside({ store }: { store: Store }) {
  const isWanted = store.picture.offers.value?.window_messages || store.forWindow.value.length > 0;
  const outside = isWanted ? store.chunks.get("window") : undefined;
  return outside ? <outside.Outside store={store} /> : null;
}

/** Above the composer, while that answers a question. */
function Asked({ store }: { store: Store }) {
  const asking = store.question.value && store.isWritable.value && store.chunks.get("asking");
  return asking ? <asking.Question store={store} /> : null;
}

import type { ComponentChildren } from "preact";
import type { Offer } from "../draft.ts";
import type { Store } from "../store.ts";
import { userMessages } from "../userMessages.ts";
import { DismissButton } from "./DismissButton.tsx";
import { LinkButton } from "./LinkButton.tsx";

const PREVIEW_CHARS = 60;
const LEFT = "Running the cell again began a new conversation.";
const ENDED = "This conversation has ended. Run the chat's cell again to begin another.";

/** What the user must know or decide, between conversation and composer. */
export function Banners({ store }: { store: Store }) {
  const { connection, draft, incompatible, notice, picture } = store;
  return (
    <>
      {incompatible.value !== undefined && <Banner kind="error">{incompatible.value}</Banner>}
      {picture.info.value?.ended && <Banner kind="quiet">{ENDED}</Banner>}
      {picture.info.value?.can_restore && <RestoreBanner store={store} />}
      {connection.value === "lost" && incompatible.value === undefined && <LostBanner store={store} />}
      {notice.value !== undefined && (
        <Banner kind="warning" onDismiss={() => store.dismissNotice()}>
          {notice.value}
        </Banner>
      )}
      {draft.offers.value.map((offer) => (
        <OfferBanner key={offer.turn} store={store} offer={offer} />
      ))}
    </>
  );
}

/** Until the user says something: then this is another conversation. */
function RestoreBanner({ store }: { store: Store }) {
  const { transcript } = store.picture;
  if (store.outbox.value.length > 0 || (transcript && userMessages(transcript).length > 0)) return null;
  return (
    <Banner kind="quiet">
      {LEFT}{" "}
      <LinkButton disabled={store.isRestoring} onClick={() => store.restore()}>
        Continue the one before
      </LinkButton>
    </Banner>
  );
}

function LostBanner({ store }: { store: Store }) {
  return (
    <Banner kind="warning">
      The kernel does not answer. It may be busy; if it was restarted, run the cell again.{" "}
      <LinkButton onClick={() => store.tryAgain()}>Try again</LinkButton>
    </Banner>
  );
}

function OfferBanner({ store, offer }: { store: Store; offer: Offer }) {
  const { turn, content } = offer;
  return (
    <Banner kind="quiet" onDismiss={() => store.draft.drop(turn)}>
      Not sent: “{preview(content)}”{" "}
      <LinkButton onClick={() => store.draft.accept(turn)}>Put back</LinkButton>
    </Banner>
  );
}

interface BannerProps {
  readonly kind: "error" | "warning" | "quiet";
  readonly children: ComponentChildren;
  readonly onDismiss?: () => void;
}

function Banner({ kind, children, onDismiss }: BannerProps) {
  return (
    <div class={`banner ${kind}`} role={kind === "quiet" ? "note" : "alert"}>
      <div class="banner-text" dir="auto">
        {children}
      </div>
      {onDismiss && <DismissButton onClick={onDismiss} />}
    </div>
  );
}

function preview(content: string): string {
  const line = content.trim().replace(/\s+/g, " ");
  return line.length <= PREVIEW_CHARS ? line : `${line.slice(0, PREVIEW_CHARS)}…`;
}

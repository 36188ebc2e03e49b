import { Component, type ComponentChildren } from "preact";

interface Props {
  /** Shown in the place of what cannot be drawn. */
  readonly text: string;
  readonly children: ComponentChildren;
}

/** What cannot be drawn (a text that is nested without end, say) is shown as it is, and the rest of the chat goes on. */
export class Unbroken extends Component<Props, { readonly isBroken?: true }> {
  static override getDerivedStateFromError = () => ({ isBroken: true });

  override render() {
    const { text, children } = this.props;
    return this.state.isBroken ? <div class="plain-output">{text}</div> : children;
  }
}

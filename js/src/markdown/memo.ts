import { Component, type ComponentChild, type ComponentType, h } from "preact";

/** A component that is rendered again only when `isSame` says its props changed. */
export function memo<Props extends object>(
  view: (props: Props) => ComponentChild,
  isSame: (before: Props, after: Props) => boolean,
): ComponentType<Props> {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return !isSame(this.props, next);
    }

    override render(): ComponentChild {
      return h(view, this.props);
    }
  };
}

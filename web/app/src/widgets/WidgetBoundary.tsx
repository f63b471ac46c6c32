/** Keeps a widget that cannot be drawn from taking the dashboard with it. A change to the widget tries again. */
import { CircleAlert } from "lucide-react";
import { Component, type ReactNode } from "react";
import type { JsonObject } from "../data/json";
import { Message } from "./Message";

interface Props {
  readonly json: JsonObject;
  readonly children: ReactNode;
}

interface State {
  readonly failed: { readonly json: JsonObject; readonly reason: string } | null;
}

export class WidgetBoundary extends Component<Props, State> {
  override state: State = { failed: null };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    const reason = error instanceof Error ? error.message : String(error);
    return { failed: { json: {}, reason } };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    if (!state.failed || state.failed.json === props.json) return null;
    const fresh = Object.keys(state.failed.json).length === 0;
    return { failed: fresh ? { ...state.failed, json: props.json } : null };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (!failed) return this.props.children;
    return (
      <Message problem icon={<CircleAlert size={14} />} headline="This widget could not be drawn.">
        <p>{failed.reason}</p>
      </Message>
    );
  }
}

/** Says that the source of a widget's queries is not connected, and shows the queries. Numbers are never made up. */
import { Unplug } from "lucide-react";
import { sourceLabel, type TargetResult } from "../data/sources";
import { Message, Queries } from "./Message";

type Unconnected = Extract<TargetResult, { state: "not-connected" }>;

export function NotConnected({ results }: { readonly results: readonly Unconnected[] }) {
  const sources = [...new Set(results.map((result) => sourceLabel(result.source)))].join(", ");
  const name = sources.charAt(0).toUpperCase() + sources.slice(1);
  return (
    <Message icon={<Unplug size={14} />} headline={`${name} is not connected`}>
      <Queries queries={results} />
    </Message>
  );
}

/** What tabs say to each other. Everything goes to all of them; most of it names whom it is for. */
import type { Transport } from "../api/basic.js";
import type { LostReason } from "../api/client.js";
import type { Answer } from "../core/boundary.js";
import type { LinkEnd, LinkTarget } from "../transport/link.js";

/** Raised when these words change: tabs of two builds do not share a connection. @internal */
export const WORDS_VERSION = 1;

/** One link of one tab, made anew with each attempt. @internal */
export interface LinkName {
  tab: string;
  link: number;
}

/** What a tab says to the leader. @internal */
export type TabWord = LinkName &
  (
    | { word: "open"; target: LinkTarget }
    | { word: "send"; leader: string; event: string; payload: object; request: number | null }
    | { word: "close"; leader: string; why: LinkEnd }
    | { word: "probe"; leader: string | null }
  );

/** What the leader says to one tab. @internal */
export type OwnWord =
  | { word: "accepted" }
  | { word: "alive" }
  | { word: "full" }
  | { word: "opened" | "upgraded"; transport: Transport }
  | { word: "refused"; code: string }
  | { word: "failed" }
  | { word: "closed"; reason: LostReason }
  | { word: "answer"; request: number; answer: Answer };

/** What the leader says to all. @internal */
export type CommonWord =
  | { word: "leading" }
  | { word: "reached" }
  | { word: "message"; event: string; payload: unknown };

/** What the leader says, under the name that it leads by. @internal */
export type LeaderWord = { leader: string } & (
  | { to: LinkName; own: OwnWord }
  | { to: null; common: CommonWord }
);

/** One thing that was said. @internal */
export type Word = ({ from: "tab" } & TabWord) | ({ from: "leader" } & LeaderWord);

/** A place where tabs of one browser hear each other; nobody hears themselves. @internal */
export interface Channel {
  post(word: Word): void;
  close(): void;
}

/** Opens a channel by its name. @internal */
export type OpenChannel = (name: string, heard: (word: Word) => void) => Channel;

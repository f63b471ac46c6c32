/** Who this browser says it is: a random id and a name, kept on this device. Nobody is asked on the first visit. */
import { lastPerson } from "@coboard/client";
import { friendlyName } from "./names";

export interface Identity {
  readonly id: string;
  readonly name: string;
}

const KEY = "coboard-identity";
export const NAME_LENGTH_MAX = 40;
/** It comes after "#": it is sent to no server. */
const LINK_START = "#as=";
const ID = /^[A-Za-z0-9_-]{1,64}$/;

let current: Identity | null = null;

/** The identity of this device; made up on the first call. */
export function identity(): Identity {
  current ??= stored() ?? keep({ id: randomId(), name: friendlyName(Math.random) });
  return current;
}

/** Before anybody asks: the browser may have lost what it had not written yet, and the device knows better. */
export async function recoverIdentity(): Promise<void> {
  if (stored()) return;
  const last = await lastPerson(location.origin);
  if (last && ID.test(last.id)) current = keep(last);
}

/** Takes another display name. Blank names are refused: the old one stays. */
export function rename(name: string): Identity {
  const trimmed = name.trim().slice(0, NAME_LENGTH_MAX).trim();
  if (trimmed === "") return identity();
  current = keep({ id: identity().id, name: trimmed.toWellFormed() });
  return current;
}

/** An address that opens the application as the same person on another device. Whoever opens it may work under the name. */
export function linkForOtherDevice(): string {
  const { id, name } = identity();
  return `${location.origin}/${LINK_START}${id}:${encodeURIComponent(name)}`;
}

/** Who the address says one is, if it says so and it is somebody else. */
export function personInLink(hash = location.hash): Identity | null {
  if (!hash.startsWith(LINK_START)) return null;
  const [id = "", name = ""] = hash.slice(LINK_START.length).split(":", 2);
  try {
    const known = { id, name: decodeURIComponent(name).trim().slice(0, NAME_LENGTH_MAX) };
    return ID.test(id) && known.name !== "" && id !== identity().id ? known : null;
  } catch {
    return null;
  }
}

/** Nobody is asked twice. */
export function forgetLink(): void {
  if (location.hash.startsWith(LINK_START)) history.replaceState(null, "", location.pathname);
}

/** Is that person from now on, with a page that knows nothing of the one before. */
export function become(person: Identity): void {
  current = keep(person);
  forgetLink();
  location.reload();
}

/** The bearer token of open access. */
export function openToken(): string {
  const { id, name } = identity();
  return `open:${id}:${encodeURIComponent(name)}`;
}

function stored(): Identity | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof value !== "object" || value === null || !("id" in value) || !("name" in value)) return null;
    const { id, name } = value;
    return typeof id === "string" && ID.test(id) && typeof name === "string" && name !== ""
      ? { id, name }
      : null;
  } catch {
    return null;
  }
}

function keep(next: Identity): Identity {
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Without storage the identity lasts as long as the page.
  }
  return next;
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `u${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

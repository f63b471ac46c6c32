/** Identities made on this device. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const DEVICE_KEY = "coboard.device";

/** A fresh id of 22 characters, 132 random bits. @internal */
export function randomId(prefix = ""): string {
  const bytes = crypto.getRandomValues(new Uint8Array(22));
  return prefix + Array.from(bytes, (byte) => ALPHABET[byte & 63]).join("");
}

/** The id of this device, kept in local storage where there is one. @internal */
export function deviceId(): string {
  try {
    const known = globalThis.localStorage?.getItem(DEVICE_KEY);
    if (known) return known;
    const made = randomId("d-");
    globalThis.localStorage?.setItem(DEVICE_KEY, made);
    return made;
  } catch {
    return randomId("d-");
  }
}

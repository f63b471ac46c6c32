/** The handshake: `hello` and its answer. */
import type { Transport, UserId } from "../api/basic.js";
import type { ServerLimits } from "../api/client.js";
import { deviceName } from "../support/deviceName.js";
import { deviceId } from "../support/random.js";

/** The version of the protocol this client speaks. @internal */
export const PROTOCOL_VERSION = 1;
const BUILD = "coboard-client/0.1.0";

/** What the handshake settled. @internal */
export interface Greeting {
  user: { id: UserId; name: string };
  limits: ServerLimits;
}

interface HelloValue {
  protocol: number;
  protocol_min: number;
  lineage: string;
  user: { id: UserId; name: string };
  limits: {
    message_bytes_max: number;
    operations_per_submit_max: number;
    presence_per_second_max: number;
    ping_interval_ms: number;
    ping_timeout_ms: number;
    transports: readonly Transport[];
  };
}

/** The argument of `hello`. @internal */
export function helloRequest(client: string, lineage: string | null): object {
  const versions = { protocol_min: PROTOCOL_VERSION, protocol_max: PROTOCOL_VERSION };
  const name = deviceName();
  const device = { device: deviceId(), ...(name === null ? {} : { device_name: name }) };
  return { ...versions, client, ...device, build: BUILD, ...(lineage === null ? {} : { lineage }) };
}

/** Reads the answer of `hello`. @internal */
export function readGreeting(value: unknown): Greeting {
  const hello = value as HelloValue;
  const { limits } = hello;
  return {
    user: hello.user,
    limits: {
      protocol: hello.protocol,
      protocolMin: hello.protocol_min,
      lineage: hello.lineage,
      transports: limits.transports,
      messageBytesMax: limits.message_bytes_max,
      operationsPerSubmitMax: limits.operations_per_submit_max,
      pingIntervalMs: limits.ping_interval_ms,
      pingTimeoutMs: limits.ping_timeout_ms,
      presencePerSecondMax: limits.presence_per_second_max,
    },
  };
}
